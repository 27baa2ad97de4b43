import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { CHROMIUM_FLAGS, findChromium } from "@hookline/http-service/testing";
import { type Browser, chromium, type Page } from "playwright-core";
import { startUp, type Up } from "./testing/up.ts";

// The page in a browser, through the gateway of the canary overlay, which has no limits.

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("SKIPPED: the page through the gateway; there is no Chromium here (set CHROMIUM)");
/** A folder that pictures are written to, for people to look at. */
const PICTURES = process.env["SCREENSHOTS"];
const SLOW = 120_000;

let cluster: Up;
let browser: Browser;
beforeAll(async () => {
  if (executablePath === undefined) return;
  cluster = await startUp(join(import.meta.dirname, "cli.ts"), ["canary", "--replicas", "1"]);
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  await cluster.untilReady();
}, SLOW);
afterAll(async () => {
  await browser?.close();
  cluster?.child.kill("SIGTERM");
  await cluster?.child.exited;
});

/** Opens the page as a visitor who was not here before; gives what the console complains of, too. */
async function visit(headers: Readonly<Record<string, string>> = {}) {
  const context = await browser.newContext({ extraHTTPHeaders: headers });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(cluster.url);
  return { page, complaints };
}

const variantOf = (page: Page) => page.locator("html").getAttribute("data-variant");
const colourOf = (page: Page, button: string) =>
  page.evaluate<string>(
    `getComputedStyle(document.querySelector('button[value=${button}]')).backgroundColor`,
  );

test.skipIf(executablePath === undefined)(
  "a visitor guesses, gets a verdict and its reasons, and stays on one version over 20 reloads",
  async () => {
    const { page, complaints } = await visit();
    const variant = await variantOf(page);
    await page.getByLabel("Link to check").fill("http://paypa1-login.example.net/verify?id=1");
    await page.getByRole("button", { name: "Yes, phishing" }).click();
    const result = page.locator("#result");
    await result.getByRole("heading", { name: "Phishing", exact: true }).waitFor();
    expect(await result.textContent()).toContain("paypa1");
    if (PICTURES) await page.screenshot({ path: join(PICTURES, "gateway.png"), fullPage: true });
    const seen = new Set<string | null>();
    for (let count = 0; count < 20; count++) {
      await page.reload();
      seen.add(await variantOf(page));
    }
    expect([...seen]).toEqual([variant]);
    expect(complaints).toEqual([]);
    await page.context().close();
  },
  SLOW,
);

test.skipIf(executablePath === undefined)(
  "both versions are reached, and their buttons have each other's colours",
  async () => {
    const read = async (user: string) => {
      const { page, complaints } = await visit({ "user-type": user });
      const colours = [
        await variantOf(page),
        await colourOf(page, "phishing"),
        await colourOf(page, "legitimate"),
      ];
      expect(complaints).toEqual([]);
      await page.context().close();
      return colours;
    };
    const [normal, tester] = [await read("normal-user"), await read("test-user")];
    expect([normal[0], tester[0]]).toEqual(["v1", "v2"]);
    expect(normal[1]).not.toBe(normal[2] ?? "");
    expect(tester.slice(1)).toEqual(normal.slice(1).reverse());
  },
  SLOW,
);
