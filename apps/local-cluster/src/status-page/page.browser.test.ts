import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { CHROMIUM_FLAGS, findChromium } from "@hookline/http-service/testing";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { startPlane, stopPlanes } from "../data-plane/testing/start-plane.ts";
import { buildState, buildTraffic } from "./sample-state.ts";
import { createStatusPage } from "./status-page.ts";
import { createTestMesh } from "./test-mesh.ts";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("SKIPPED: the status page in a browser; there is no Chromium here (set CHROMIUM)");
/** A folder that pictures are written to, for people to look at. */
const PICTURES = process.env["SCREENSHOTS"];
const TIMEOUT_MS = 120_000;

let browser: Browser | undefined;
let url = "";
let requests = 12_345;
beforeAll(async () => {
  if (executablePath === undefined) return;
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const mesh = createTestMesh();
  const status = createStatusPage({
    state: () => buildState({ url }),
    dataPlane: { snapshot: () => buildTraffic({ requests }), metrics: () => "" },
    mesh: () => mesh,
  });
  ({ url } = await startPlane({ status }));
}, TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  await stopPlanes();
});

async function open(
  options: BrowserContextOptions,
  query = "",
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser?.newContext(options);
  const page = await context?.newPage();
  if (page === undefined) throw new Error("Expected a browser");
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/_local${query}`);
  return { page, complaints };
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined)
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
/** A desktop at 400 %. */
const ZOOMED = { width: 320, height: 225 };

describe.skipIf(executablePath === undefined)("the status page in a browser", () => {
  test.each([
    ["phone-light", PHONE, "light"],
    ["phone-dark", PHONE, "dark"],
    ["desktop-light", DESKTOP, "light"],
    ["desktop-dark", DESKTOP, "dark"],
    ["zoomed", ZOOMED, "light"],
  ] as const)(
    "%s: nothing sticks out, nothing is complained about, text can be read",
    async (name, viewport, colorScheme) => {
      const { page, complaints } = await open(
        { viewport, colorScheme },
        "?path=/&headers=user-type:%20normal-user#explain",
      );
      await takePicture(page, name);
      const wide = await page.evaluate(
        `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
      );
      expect(wide).toBe(0);
      expect(complaints).toEqual([]);
      const cut = await page.evaluate(
        `[...document.querySelectorAll("section")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.querySelector("h2").textContent)`,
      );
      expect(cut).toEqual([]);
      const broken = await page.evaluate(
        `[...document.querySelectorAll("td.name .key")].filter((one) => one.getClientRects().length !== 1).length`,
      );
      if (viewport !== ZOOMED) expect(broken).toBe(0);
      // In a contrast theme it has no other look of a button.
      const edge = await page.evaluate(`getComputedStyle(document.querySelector("button")).border`);
      expect(edge).toStartWith("1px solid ");
      const worst = await page.evaluate(CONTRAST);
      expect(worst).toBeGreaterThanOrEqual(4.5);
      await page.context().close();
    },
    TIMEOUT_MS,
  );

  test(
    "its numbers are fresh without loading it again, and what is typed stays",
    async () => {
      const { page, complaints } = await open({ viewport: DESKTOP });
      await page.fill('input[name="path"]', "/typed");
      requests = 12_999;
      await page.locator("#live", { hasText: "12,999 requests" }).waitFor();
      expect(await page.inputValue('input[name="path"]')).toBe("/typed");
      await page.click("button");
      await page.waitForURL(/path=%2Ftyped/);
      expect(await page.textContent(".answer table")).toContain("app:80, v1");
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    TIMEOUT_MS,
  );

  test(
    "it says so when somebody else answers at its place",
    async () => {
      const { page } = await open({ viewport: DESKTOP });
      await page.route("**/_local/", (route) => route.fulfill({ status: 404, body: "not here" }));
      await page.locator("header", { hasText: "it does not answer any more" }).waitFor();
      await page.locator(".away").waitFor({ state: "visible" });
      await page.unroute("**/_local/");
      await page.locator(".away").waitFor({ state: "hidden" });
      await page.context().close();
    },
    TIMEOUT_MS,
  );

  test(
    "without scripts the form works all the same",
    async () => {
      const { page } = await open({ viewport: PHONE, javaScriptEnabled: false });
      await page.fill('textarea[name="headers"]', "user-type: test-user");
      await page.click("button");
      await page.waitForURL(/headers=user-type/);
      expect(await page.textContent(".answer table")).toContain("app:80, v2");
      await page.context().close();
    },
    TIMEOUT_MS,
  );
});

/** The lowest contrast of a text with the ground behind it: WCAG 2.2, 1.4.3. */
const CONTRAST = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (let at = node; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let worst = 21;
  for (const node of document.querySelectorAll("body *")) {
    const hasText = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim() !== "");
    if (!hasText || node.offsetParent === null || node.tagName === "OPTION") continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    worst = Math.min(worst, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return worst;
})()`;
