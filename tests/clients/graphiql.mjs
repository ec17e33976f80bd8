// Opens GraphiQL in a headless Chromium as a visitor would.
//
// The page may load nothing from elsewhere, break no line of its content security policy, and each query that it offers
// must be answered without an error.
import assert from "node:assert/strict";
import { defaultTabs } from "../../assets/graphiql/src/queries.js";
import { withBrowser } from "./browser.mjs";

export async function graphiql(url) {
  return withBrowser(async (browser) => {
    await visit(await browser.newPage({ viewport: { width: 1400, height: 900 } }), url);
    return `Chromium ${browser.version()}, ${defaultTabs.length} queries answered, nothing loaded from elsewhere`;
  });
}

async function visit(page, url) {
  page.setDefaultTimeout(20_000);
  const complaints = listen(page, new URL(url).origin);
  await page.goto(url);
  const tabs = page.locator(".graphiql-tab-button");
  await tabs.first().waitFor();
  assert.equal(await tabs.count(), defaultTabs.length);
  for (let index = 0; index < defaultTabs.length; index += 1) {
    await tabs.nth(index).click();
    await page.waitForTimeout(500); // GraphiQL looks for the operation's name a little later.
    const [response] = await Promise.all([
      page.waitForResponse((found) => found.request().method() === "POST" && found.url() === url),
      page.locator(".graphiql-execute-button").click(),
    ]);
    const { errors } = await response.json();
    assert.equal(errors, undefined, `tab ${index + 1}: ${JSON.stringify(errors)}`);
    await page.locator(".graphiql-response").getByText('"data"').first().waitFor();
  }
  await open(page);
  assert.deepEqual(complaints, []);
}

// What opens over the page or beside it: it tends to bring style elements along.
async function open(page) {
  await page.getByLabel("Show Documentation Explorer").click();
  await page.locator(".graphiql-doc-explorer").getByText("Query", { exact: true }).first().click();
  for (const dialog of ["Open settings dialog", "Open short keys dialog"]) {
    await page.getByLabel(dialog).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
  }
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nquery More { ");
  await page.keyboard.press("Control+Space");
  await page.locator(".CodeMirror-hints").waitFor();
}

// What goes wrong on the page, as it goes wrong.
function listen(page, origin) {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !address.startsWith("data:")) complaints.push(`asked for ${address}`);
  });
  return complaints;
}
