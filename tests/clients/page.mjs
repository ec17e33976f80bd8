// Reads the pages for people as a validator, a screen reader's checker and a browser do.
//
// The HTML must be valid, axe must find nothing in light and dark and on a phone, nothing may break the content security
// policy, nothing may be wider than the screen, and no script may be there.
import assert from "node:assert/strict";
import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import { withBrowser } from "./browser.mjs";

const SCREENS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  { viewport: { width: 360, height: 740 }, colorScheme: "light" },
];
// Rules of taste that say nothing about what a browser makes of it.
const TASTE = ["long-title", "no-trailing-whitespace", "doctype-style", "void-style", "attribute-boolean-style", "no-raw-characters"];

export async function valid(url, slug) {
  const rules = Object.fromEntries(TASTE.map((rule) => [rule, "off"]));
  // HTML takes every name without a space, and that of a talk may begin with a digit.
  rules["valid-id"] = ["error", { relaxed: true }];
  const validator = new HtmlValidate({ root: true, extends: ["html-validate:recommended"], rules });
  for (const address of addresses(url, slug)) {
    const answer = await fetch(address, { redirect: "manual" });
    assert.equal(answer.status, 200, address);
    const report = await validator.validateString(await answer.text(), address);
    const found = report.results.flatMap((result) => result.messages);
    const told = found.map((one) => `\n  ${one.line}:${one.column} ${one.ruleId}: ${one.message} (${one.selector})`);
    assert.equal(told.length, 0, `${address}${told.slice(0, 20).join("")}`);
  }
  return `${addresses(url, slug).length} pages`;
}

export async function accessible(url, slug) {
  return withBrowser(async (browser) => {
    for (const screen of SCREENS) {
      const page = await browser.newPage(screen);
      // Images of the content are elsewhere: they are not what is tried here.
      await page.route("**", (route) => (route.request().resourceType() === "image" ? route.abort() : route.continue()));
      for (const address of addresses(url, slug)) await look(page, address, screen);
      await page.close();
    }
    return `axe ${axe.version}, ${SCREENS.length} screens`;
  });
}

async function look(page, address, screen) {
  const complaints = [];
  const hear = (message) => message.text().includes("Content Security Policy") && complaints.push(message.text());
  page.on("console", hear);
  await page.goto(address);
  assert.equal(await page.locator("script").count(), 0);
  const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(color === "rgb(255, 255, 255)", screen.colorScheme === "light", `the style holds: ${color}`);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= screen.viewport.width, `${address} is ${width} wide`);
  for (const summary of await page.locator("summary").all()) await summary.evaluate((one) => (one.parentElement.open = true));
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => axe.run());
  const told = violations.map((one) => `\n  ${one.id}: ${one.help} (${one.nodes.length}: ${one.nodes[0].html})`);
  assert.equal(told.length, 0, `${address} ${JSON.stringify(screen)}${told.join("")}`);
  assert.deepEqual(complaints, []);
  page.off("console", hear);
}

function addresses(url, slug) {
  return [new URL("/events", url).href, new URL(`/events/${slug}`, url).href];
}
