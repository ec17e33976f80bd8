// The headless Chromium that the checks look at pages with.
import { accessSync, constants } from "node:fs";
import { chromium } from "playwright-core";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

// Lets `look` use a browser, and closes it; says so where there is none.
export async function withBrowser(look) {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find(isExecutable);
  if (!executablePath) return "NOT TRIED, there is no Chromium here (apt-get install chromium)";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    return await look(browser);
  } finally {
    await browser.close();
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
