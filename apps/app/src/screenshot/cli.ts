// Takes the picture for the README: the page with a verdict, at a width of 1120 pixels.
import { parseArgs } from "node:util";
import { findChromium, launchChromium } from "../chromium.ts";

const HELP = `Usage: bun apps/app/src/screenshot/cli.ts --page <address> [options]

Opens a running page in Chromium, checks a URL with it, and saves a picture of the answer.

  --page <address>   the running page, such as http://127.0.0.1:8080
  --url <url>        the URL to check (it is typed, never opened)
  --guess <guess>    phishing or legitimate (default: phishing)
  --out <file>       where to write the PNG (default: docs/page.png)
  --width <pixels>   width of the window (default: 1120)
  --dark             in the dark colour scheme
  --help             this text

Example: bun apps/app/src/screenshot/cli.ts --page http://127.0.0.1:8080`;

const DEFAULT_URL = "http://parcel-redelivery-fee.info/nl/track?id=772";

const { values } = parseArgs({
  options: {
    page: { type: "string" },
    url: { type: "string", default: DEFAULT_URL },
    guess: { type: "string", default: "phishing" },
    out: { type: "string", default: "docs/page.png" },
    width: { type: "string", default: "1120" },
    dark: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.page === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 1);
}
const executable = findChromium();
if (executable === undefined) {
  console.error("Cannot take a picture: there is no Chromium; set CHROMIUM to its path");
  process.exit(1);
}
const browser = await launchChromium(executable);
try {
  const page = await browser.newPage({
    viewport: { width: Number(values.width), height: 900 },
    colorScheme: values.dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  await page.goto(values.page);
  await page.getByLabel("URL to check").fill(values.url);
  await page.locator(`button[value="${values.guess}"]`).click();
  await page.locator("#result").waitFor();
  // Off the button, which would otherwise be shown as pointed at.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: values.out, fullPage: true });
  console.log(`${values.out}: ${await page.title()}`);
} finally {
  await browser.close();
}
