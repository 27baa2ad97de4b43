import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import {
  CHROMIUM_FLAGS,
  findChromium,
  startServer,
  stopServers,
} from "@hookline/http-service/testing";
import { type Browser, chromium } from "playwright-core";
import { makeReport } from "./testing/make-report.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn("skipped: looking at the page needs Chromium; CHROMIUM names it");
}

const SERVER = resolve(import.meta.dirname, "server.ts");

let browser: Browser | undefined;
let full = "";
let empty = "";

/** 60 requests, of which every tenth is seen differently. */
function makeReports() {
  const parts = [{ text: `/${"long".repeat(14)}`, weight: 1 }];
  const explanation = { method: "exact" as const, parts };
  return Array.from({ length: 60 }, (_, i) => {
    const url = `site-${i}.example/${"a-long-path/".repeat(20)}?…`;
    const fields = { requestId: `r-${i}`, url, explanation };
    const differs = i % 10 === 0 ? ({ prediction: "Phishing", probability: 0.9 } as const) : {};
    return [
      makeReport({ ...fields, role: "live" }),
      makeReport({ ...fields, role: "mirror", ...differs }),
    ];
  }).flat();
}

beforeAll(async () => {
  if (executablePath === undefined) {
    return;
  }
  [{ url: full }, { url: empty }] = await Promise.all([
    startServer(SERVER, { PAIR_WAIT_MS: "100" }),
    startServer(SERVER),
  ]);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ reports: makeReports() });
  await fetch(`${full}/reports`, { method: "POST", headers, body });
  let pairs = 0;
  while (pairs < 60) {
    ({ pairs } = JSON.parse(await (await fetch(`${full}/api/report`)).text()));
  }
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  stopServers();
});

async function open(address: string, { width, dark }: { width: number; dark: boolean }) {
  if (browser === undefined) {
    throw new Error("There is no browser");
  }
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: dark ? "dark" : "light",
  });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  return { page, complaints };
}

/** How far a table reaches beyond the padding of its card, in pixels. */
const TABLE_EXCESS = `Math.max(0, ...[...document.querySelectorAll(".card table")].map((table) => {
  const card = table.closest(".card");
  const inner = card.getBoundingClientRect().right - parseFloat(getComputedStyle(card).paddingRight);
  return table.getBoundingClientRect().right - inner;
}))`;

describe.skipIf(executablePath === undefined)("the page in Chromium", () => {
  test.each([
    ["a phone, light", 320, false],
    ["a phone, dark", 375, true],
    ["a wide phone, light", 430, false],
    ["a desk, light", 1280, false],
    ["a desk, dark", 1280, true],
  ])(
    "fits %s, and nothing is complained of",
    async (_, width, dark) => {
      for (const address of [full, empty]) {
        const { page, complaints } = await open(`${address}/`, { width, dark });
        expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(width);
        expect(await page.evaluate<number>(TABLE_EXCESS)).toBeLessThanOrEqual(0.5);
        const background = await page.evaluate<string>(
          "getComputedStyle(document.body.parentElement).backgroundColor",
        );
        expect(background).toBe(dark ? "rgb(15, 26, 32)" : "rgb(244, 241, 232)");
        expect(complaints).toEqual([]);
        await page.close();
      }
    },
    120_000,
  );

  test("tells the verdict, the agreement and the differing URLs, and goes from window to window", async () => {
    const { page, complaints } = await open(`${full}/`, { width: 1000, dark: false });
    expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "Reject",
      "Agreement",
      "Difference of score",
      "Time to an answer",
      "Where they differ most",
    ]);
    expect(await page.locator(".figure").textContent()).toBe("90\u00a0%");
    expect(await page.locator(".differences > li").count()).toBe(6);
    expect(await page.locator("svg rect.bar[height='0']").count()).toBe(38);
    await page.getByRole("link", { name: "15m" }).click();
    expect(await page.locator("nav [aria-current]").textContent()).toBe("15m");
    expect(page.url()).toBe(`${full}/?window=15m`);
    expect(complaints).toEqual([]);
  }, 120_000);
});
