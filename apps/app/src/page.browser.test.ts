import { beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import {
  AWAY_URL,
  activeId,
  check,
  executablePath,
  measureOverflow,
  type Opened,
  type OpenOptions,
  TIMEOUT_MS,
  takePicture,
  useBrowser,
  waitForAutofocus,
} from "./browser-testing.ts";
import { SAMPLE_URLS } from "./fake-model-service.ts";

if (executablePath === undefined) {
  console.warn(
    "SKIPPED: the page in a browser; there is no Chromium here (set CHROMIUM to its path)",
  );
}
const { openLasting } = useBrowser();
const LONG_URL = `https://a.example/${"x".repeat(2030)}`;
const HOSTILE_URL = `https://xn--e1awd7f.example/\u202Egpj.exe/<b>\u200B"'/مثال/${"ü".repeat(300)}`;

const PHONE: OpenOptions = { viewport: { width: 320, height: 640 } };
const STATES = [
  ["phishing", SAMPLE_URLS.phishing, "Phishing"],
  ["legitimate", SAMPLE_URLS.legitimate, "Legitimate"],
  ["unsure", SAMPLE_URLS.unsure, "Unsure"],
  ["unknown", AWAY_URL, "Unknown"],
  ["long", LONG_URL, "Legitimate"],
  ["hostile", HOSTILE_URL, "Legitimate"],
  ["rule", SAMPLE_URLS.lookalike, "Phishing"],
  ["verified", SAMPLE_URLS.verified, "Legitimate"],
  ["homoglyph", SAMPLE_URLS.homoglyph, "Phishing"],
  ["foreign", SAMPLE_URLS.foreign, "Legitimate"],
] as const;

// Each way with how many of the states are gone through in it.
const WAYS: [string, OpenOptions, number][] = [
  ["desktop", {}, 10],
  ["dark-v2", { colorScheme: "dark", variant: "v2" }, 4],
  ["phone", PHONE, 6],
  ["no-script-phone", { ...PHONE, javaScriptEnabled: false }, 4],
];

/** In how many ways the weights lie to their labels: below them or beside. */
function countWeightPlaces(page: Page): Promise<number> {
  return page.evaluate(`new Set([...document.querySelectorAll(".weights li")].map((row) => {
    const edge = (name) => row.querySelector(name).getBoundingClientRect();
    return edge(".sign").top >= edge(".what").bottom;
  })).size`);
}

describe.skipIf(executablePath === undefined).each(WAYS)(
  "the page (%s)",
  (way, options, states) => {
    // One window for all states of a way: opening one takes longer than all that is done in it.
    let opened: Opened;
    beforeAll(async () => {
      opened = await openLasting(options);
    }, TIMEOUT_MS);
    const start = async (): Promise<Opened> => {
      const address = opened.page.url();
      // By way of an empty page: to go where one is would be a reload, which keeps the answer.
      await opened.page.goto("about:blank");
      await opened.page.goto(address);
      opened.complaints.length = 0;
      return opened;
    };

    test(
      "is empty at first",
      async () => {
        const { page, complaints } = await start();
        expect(await page.title()).toBe("Hookline: is this link phishing?");
        await waitForAutofocus(page);
        expect(await measureOverflow(page)).toBe(0);
        await takePicture(page, `${way}-empty`);
        expect(complaints).toEqual([]);
      },
      TIMEOUT_MS,
    );

    test.each(STATES.slice(0, states))(
      "shows %s",
      async (name, url, verdict) => {
        const { page, complaints } = await start();
        await check(page, url, "phishing");
        await page.locator("#result").waitFor();
        expect(await page.locator("#verdict").textContent()).toBe(verdict);
        expect(await page.title()).toBe(`${verdict} · Hookline`);
        expect(await page.getByLabel("Link to check").inputValue()).toBe(url);
        expect(await page.locator("#result a").count()).toBe(0);
        expect(await measureOverflow(page)).toBe(0);
        await takePicture(page, `${way}-${name}`);
        expect(complaints).toEqual([]);
      },
      TIMEOUT_MS,
    );

    test(
      "says what is wrong beside the field",
      async () => {
        const { page, complaints } = await start();
        await check(page, "hello", "legitimate");
        const problem = page.locator("#url-problem");
        await problem.getByText("it is not a web address").waitFor();
        expect(await page.getByLabel("Link to check").getAttribute("aria-invalid")).toBe("true");
        expect(await activeId(page)).toBe("url");
        expect(await page.locator("#result").count()).toBe(0);
        expect(await measureOverflow(page)).toBe(0);
        await takePicture(page, `${way}-error`);
        expect(complaints).toEqual([]);
      },
      TIMEOUT_MS,
    );

    test(
      "asks for a guess when Enter was pressed in the field",
      async () => {
        const { page, complaints } = await start();
        await page.getByLabel("Link to check").fill(SAMPLE_URLS.phishing);
        await page.keyboard.press("Enter");
        const line = page.locator("#guess-problem", { hasText: "What do you think? Choose one" });
        await line.waitFor();
        expect(await line.isVisible()).toBe(true);
        await takePicture(page, `${way}-no-guess`);
        if (options.javaScriptEnabled !== false) expect(await activeId(page)).toBe("phishing");
        expect(await page.locator("#result").count()).toBe(0);
        expect(complaints).toEqual([]);
      },
      TIMEOUT_MS,
    );
  },
);

describe.skipIf(executablePath === undefined)("a host of letters that run to the left", () => {
  test(
    "stands label by label before its path",
    async () => {
      const { page } = await openLasting();
      const [first, second, path] = ["\u0645\u062B\u0627\u0644", "\u0625\u062E", "\u0637\u0631"];
      await check(page, `https://${first}.${second}/${path}`, "phishing");
      await page.locator("#result").waitFor();
      const places =
        await page.evaluate(`[...document.querySelectorAll(".url bdi")].flatMap((box) => {
        const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        const lefts = [];
        while (walker.nextNode()) {
          range.selectNodeContents(walker.currentNode);
          if (/[^\\0-\\x7f]/.test(range.toString())) lefts.push(range.getBoundingClientRect().left);
        }
        return lefts;
      })`);
      expect(places).toHaveLength(3);
      expect(places).toEqual([...(places as number[])].sort((a, b) => a - b));
      await takePicture(page, "desktop-right-to-left");
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(executablePath === undefined)("the page in a contrast theme", () => {
  test(
    "shows the letters that it frames",
    async () => {
      const { page } = await openLasting({ colorScheme: "dark", forcedColors: "active" });
      await check(page, SAMPLE_URLS.homoglyph, "phishing");
      const framed = page.locator(".brand-note .foreign");
      await framed.waitFor();
      const seen = await framed.screenshot();
      await page.evaluate(`document.querySelector(".brand-note .foreign").textContent = "\\u00A0"`);
      expect((await framed.screenshot()).equals(seen)).toBe(false);
      await takePicture(page, "contrast-homoglyph");
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(executablePath === undefined)("the weights on a phone", () => {
  test(
    "all stand below their labels, long or short",
    async () => {
      const { page } = await openLasting({ viewport: { width: 375, height: 700 } });
      await check(page, SAMPLE_URLS.phishing, "phishing");
      await page.locator("#result").waitFor();
      expect(await countWeightPlaces(page)).toBe(1);
      await takePicture(page, "wide-phone-phishing");
    },
    TIMEOUT_MS,
  );
});
