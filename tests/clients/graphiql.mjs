// Opens GraphiQL in a headless Chromium as a visitor would: `node graphiql.mjs URL [SCREENSHOT.png]`.
//
// The page may load nothing from elsewhere, break no line of its content security policy, and each query that it offers
// must be answered without an error.
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';

import { defaultTabs } from '../../assets/graphiql/src/queries.js';

const [url, screenshot] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(isExecutable);
if (!executablePath) {
  console.log('SKIPPED: there is no Chromium here (apt-get install chromium), so GraphiQL was not tried in a browser');
  process.exit(0);
}

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:')) {
      complaints.push(`asked for ${request.url()}`);
    }
  });

  await page.goto(url);
  const tabs = page.locator('.graphiql-tab-button');
  await tabs.first().waitFor();
  assert.equal(await tabs.count(), defaultTabs.length);
  for (let index = 0; index < defaultTabs.length; index += 1) {
    await tabs.nth(index).click();
    await page.waitForTimeout(500); // GraphiQL looks for the operation's name a little later.
    const [response] = await Promise.all([
      page.waitForResponse((found) => found.request().method() === 'POST' && found.url() === url),
      page.locator('.graphiql-execute-button').click(),
    ]);
    const answer = await response.json();
    assert.equal(answer.errors, undefined, `tab ${index + 1}: ${JSON.stringify(answer.errors)}`);
    await page.waitForFunction(() => document.querySelector('.graphiql-response')?.textContent.includes('"data"'));
  }

  // What opens over the page or beside it, since that is what tends to bring style elements along.
  await page.getByLabel('Show Documentation Explorer').click();
  await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().click();
  await page.getByLabel('Open settings dialog').click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Open short keys dialog').click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await tabs.nth(1).click();
  const editor = page.locator('.graphiql-query-editor .CodeMirror');
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nquery More { ');
  await page.keyboard.press('Control+Space');
  await page.locator('.CodeMirror-hints').waitFor();
  if (screenshot) {
    await page.screenshot({ path: screenshot });
  }
  assert.deepEqual(complaints, []);
  console.log(`GraphiQL works in Chromium ${browser.version()}: ${defaultTabs.length} queries answered, nothing loaded from elsewhere`);
} finally {
  await browser.close();
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
