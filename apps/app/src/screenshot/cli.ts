// Takes the picture for the README: the page with a verdict, at a width of 1120 pixels.
import { parseArgs } from "node:util";
import { CHROMIUM_FLAGS, findChromium } from "@hookline/http-service/testing";
import { chromium } from "playwright-core";

const HELP = `Usage: bun apps/app/src/screenshot/cli.ts --page <address> [options]

Opens a running page in Chromium, checks a URL with it, and saves a picture of the answer.

  --page <address>   the running page, such as http://127.0.0.1:8080
  --url <url>        the URL to check (it is typed, never opened)
  --guess <guess>    phishing or legitimate (default: phishing)
  --out <file>       where to write the PNG (default: apps/app/docs/page.png)
  --width <pixels>   width of the window (default: 1120)
  --dark             in the dark colour scheme
  --help             prints this

Example: bun apps/app/src/screenshot/cli.ts --page http://127.0.0.1:8080`;

const DEFAULT_URL = "http://parcel-redelivery-fee.info/nl/track?id=772";

function readOptions() {
  const { values } = parseArgs({
    options: {
      page: { type: "string" },
      url: { type: "string", default: DEFAULT_URL },
      guess: { type: "string", default: "phishing" },
      out: { type: "string", default: "apps/app/docs/page.png" },
      width: { type: "string", default: "1120" },
      dark: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { page } = values;
  if (page === undefined) throw new TypeError("--page is missing: the address of a running page");
  if (!/^(phishing|legitimate)$/.test(values.guess)) {
    throw new TypeError(`--guess is "${values.guess}", must be phishing or legitimate`);
  }
  if (!/^[1-9]\d{2,3}$/.test(values.width)) {
    throw new TypeError(
      `--width is "${values.width}", must be a number of pixels from 100 to 9999`,
    );
  }
  return { ...values, page, width: Number(values.width) };
}

async function takePicture(): Promise<void> {
  const { page: address, url, guess, out, width, dark } = readOptions();
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("Cannot take a picture: there is no Chromium; set CHROMIUM to its path");
  }
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
    });
    await page.goto(address);
    await page.getByLabel("Link to check").fill(url);
    await page.locator(`button[value="${guess}"]`).click();
    await page.locator("#result").waitFor();
    // Off the button, which would otherwise be shown as pointed at.
    await page.mouse.move(0, 0);
    await page.screenshot({ path: out, fullPage: true });
    console.log(`${out}: ${await page.title()}`);
  } finally {
    await browser.close();
  }
}

try {
  await takePicture();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // As the commands do: a mistake in the call is 2.
  process.exit(error instanceof TypeError ? 2 : 1);
}
