import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findChromium, launchChromium } from "./chromium.ts";
import type { Variant } from "./config.ts";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp } from "./testing.ts";

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    "SKIPPED: the page in a browser; there is no Chromium here (set CHROMIUM to its path)",
  );
}
/** A folder that pictures of every state are written to, for people to look at. */
const PICTURES = process.env["SCREENSHOTS"];
const TIMEOUT_MS = 30_000;

const LONG_URL = `https://a.example/${"x".repeat(2030)}`;
const HOSTILE_URL = `https://xn--e1awd7f.example/\u202Egpj.exe/<b>\u200B"'/مثال/${"ü".repeat(300)}`;
const AWAY_URL = "https://away.example/";
const SLOW_URL = "https://slow.example/";

let browser: Browser;
/** What is undone after each test, and what only at the end. */
const cleanups: (() => unknown)[] = [];
const lasting: (() => unknown)[] = [];
beforeAll(async () => {
  if (chromium !== undefined) browser = await launchChromium(chromium);
}, TIMEOUT_MS);
afterEach(() => cleanUp(cleanups));
afterAll(async () => {
  await cleanUp(lasting);
  await browser?.close();
});

async function cleanUp(list: (() => unknown)[]): Promise<void> {
  for (const cleanup of list.splice(0).reverse()) await cleanup();
}

interface Opened {
  readonly page: Page;
  /** What the browser complained about: script errors, refused files, broken CSP. */
  readonly complaints: string[];
  /** The paths that the server was asked for. */
  readonly asked: string[];
  /** Lets the answer for SLOW_URL go. */
  readonly release: () => void;
}

interface OpenOptions extends BrowserContextOptions {
  readonly variant?: Variant;
}

async function open(
  { variant = "v1", ...context }: OpenOptions = {},
  toUndo = cleanups,
): Promise<Opened> {
  const { promise: slow, resolve: release } = Promise.withResolvers<void>();
  const { app } = await createTestApp({
    variant,
    async predict(url): Promise<ModelReply> {
      if (url === SLOW_URL) await slow;
      if (url === AWAY_URL) {
        return {
          kind: "unknown",
          reason: { code: "unreachable", message: "The model service could not be reached." },
        };
      }
      if (!/[.:]/.test(url)) return { kind: "rejected", message: "The url is not a web address" };
      return { kind: "answered", answer: buildAnswer(url) };
    },
  });
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      asked.push(new URL(request.url).pathname);
      return app.fetch(request);
    },
  });
  toUndo.push(() => server.stop(true));
  const opened = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    reducedMotion: "reduce",
    ...context,
  });
  toUndo.push(() => opened.close());
  const page = await opened.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A 422 is an answer like any other; Chromium calls every status from 400 an error.
    const isStatus = message.text().includes("the server responded with a status of 422");
    if (["error", "warning"].includes(message.type()) && !isStatus) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url.href))
      complaints.push(`went elsewhere: ${request.url()}`);
  });
  await page.goto(server.url.href);
  return { page, complaints, asked, release };
}

async function check(page: Page, url: string, guess: "phishing" | "legitimate"): Promise<void> {
  await page.getByLabel("URL to check").fill(url);
  await page.getByRole("button", { name: guess }).click();
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined)
    await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

/** How far the page is wider than its window, in pixels. */
function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

const activeId = (page: Page) =>
  page.evaluate("document.activeElement.id || document.activeElement.value");

/** The browser gives the focus with the first frame, which may be after the load. */
async function waitForAutofocus(page: Page): Promise<void> {
  await page.waitForFunction("document.activeElement.id === 'url'");
}

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
] as const;

// Each way with how many of the states are gone through in it.
const WAYS: [string, OpenOptions, number][] = [
  ["desktop", {}, 8],
  ["dark-v2", { colorScheme: "dark", variant: "v2" }, 4],
  ["phone", PHONE, 6],
  ["no-script-phone", { ...PHONE, javaScriptEnabled: false }, 4],
];

describe.skipIf(chromium === undefined).each(WAYS)("the page (%s)", (way, options, states) => {
  // One window for all states of a way: opening one takes longer than all that is done in it.
  let opened: Opened;
  beforeAll(async () => {
    opened = await open(options, lasting);
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
      expect(await page.getByLabel("URL to check").inputValue()).toBe(url);
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
      await problem.getByText("the url is not a web address").waitFor();
      expect(await page.getByLabel("URL to check").getAttribute("aria-invalid")).toBe("true");
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
      await page.getByLabel("URL to check").fill(SAMPLE_URLS.phishing);
      await page.keyboard.press("Enter");
      if (options.javaScriptEnabled === false) {
        await page.getByText("What do you think? Choose one of the two").waitFor();
        await takePicture(page, `${way}-no-guess`);
      } else {
        expect(await activeId(page)).toBe("phishing");
      }
      expect(await page.locator("#result").count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(chromium === undefined)("the page with its script", () => {
  test(
    "is used with the keyboard alone, and the focus goes where one reads on",
    async () => {
      const { page, complaints } = await open();
      await waitForAutofocus(page);
      await page.keyboard.type(SAMPLE_URLS.phishing);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await activeId(page)).toBe("legitimate");
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth");
      expect(outline).toBe("3px");
      await page.keyboard.press("Space");
      await page.locator("#result").waitFor();
      expect(await activeId(page)).toBe("result");
      expect(await page.locator("#score").textContent()).toBe(
        "Your guess matched 0 of 1 sure verdict.",
      );
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    "shows that it waits, and takes no second press",
    async () => {
      const { page, release } = await open();
      let posts = 0;
      page.on("request", (request) => {
        if (request.method() === "POST") posts += 1;
      });
      await check(page, SLOW_URL, "phishing");
      await page.getByRole("status").getByText("Asking the model").waitFor();
      expect(await page.locator("main").getAttribute("aria-busy")).toBe("true");
      await takePicture(page, "desktop-busy");
      await page.getByRole("button", { name: "legitimate" }).click();
      release();
      await page.locator("#result").waitFor();
      expect(posts).toBe(1);
      expect(await page.locator("main").getAttribute("aria-busy")).toBe("false");
    },
    TIMEOUT_MS,
  );

  test(
    "goes back and forth between answers, and keeps the last over a reload",
    async () => {
      const { page, complaints } = await open();
      await check(page, SAMPLE_URLS.phishing, "phishing");
      await page.locator("#verdict", { hasText: "Phishing" }).waitFor();
      await check(page, SAMPLE_URLS.legitimate, "phishing");
      await page.locator("#verdict", { hasText: "Legitimate" }).waitFor();
      await page.goBack();
      await page.locator("#verdict", { hasText: "Phishing" }).waitFor();
      expect(await page.getByLabel("URL to check").inputValue()).toBe(SAMPLE_URLS.phishing);
      expect(await page.locator("#score").textContent()).toBe(
        "Your guess matched 1 of 2 sure verdicts.",
      );
      await page.goBack();
      await page.locator("#result").waitFor({ state: "detached" });
      await page.goForward();
      await page.locator("#verdict", { hasText: "Phishing" }).waitFor();
      await page.reload();
      await page.locator("#verdict", { hasText: "Phishing" }).waitFor();
      expect(page.url()).not.toContain("paypa1");
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    "shows a verdict only while its URL stands in the field",
    async () => {
      const { page, complaints } = await open();
      await check(page, SAMPLE_URLS.phishing, "phishing");
      const verdict = page.locator("#verdict", { hasText: "Phishing" });
      await verdict.waitFor();
      const url = page.getByLabel("URL to check");
      await url.fill(SAMPLE_URLS.legitimate);
      expect(await verdict.isVisible()).toBe(false);
      await url.fill(SAMPLE_URLS.phishing);
      expect(await verdict.isVisible()).toBe(true);
      await check(page, SAMPLE_URLS.legitimate, "phishing");
      await page.locator("#verdict", { hasText: "Legitimate" }).waitFor();
      await page.goBack();
      await verdict.waitFor();
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    "begins anew by its name in the head of the page",
    async () => {
      const { page, complaints } = await open();
      await check(page, SAMPLE_URLS.phishing, "phishing");
      await page.locator("#result").waitFor();
      await page.getByRole("link", { name: "Hookline" }).click();
      await page.locator(".how").waitFor();
      expect(await page.locator("#result").count()).toBe(0);
      expect(await page.getByLabel("URL to check").inputValue()).toBe("");
      expect(await page.locator("#score").textContent()).toBe(
        "Your guess matched 1 of 1 sure verdict.",
      );
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    ["nothing", " ", "Enter a URL to check."],
    ["too much", "x".repeat(2049), "This URL has 2,049 characters. Shorten it to 2,048 or fewer."],
  ])(
    "tells of %s before it sends anything, until the field is changed",
    async (_, url, message) => {
      const { page, complaints } = await open();
      await check(page, url, "phishing");
      expect(await page.locator("#url-problem").textContent()).toBe(message);
      expect(await activeId(page)).toBe("url");
      await page.keyboard.type("a");
      expect(await page.locator("#url-problem").textContent()).toBe("");
      expect(await page.getByLabel("URL to check").getAttribute("aria-invalid")).toBe(null);
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    [
      "limits us",
      (page: Page) =>
        page.route("**/", (route) =>
          route.fulfill({ status: 429, headers: { "retry-after": "42" }, body: "{}" }),
        ),
      "Try again in 42 seconds.",
    ],
    [
      "limits us and knows for how long",
      (page: Page) =>
        page.route("**/", (route) =>
          route.fulfill({
            status: 429,
            headers: { "retry-after": "60", "x-ratelimit-reset": "7" },
            body: "{}",
          }),
        ),
      "Try again in 7 seconds.",
    ],
    [
      "breaks",
      (page: Page) => page.route("**/", (route) => route.fulfill({ status: 502, body: "bad" })),
      "The server could not answer (status 502).",
    ],
    [
      "is gone",
      (page: Page) => page.route("**/", (route) => route.abort()),
      "The page could not reach its server.",
    ],
  ])(
    "stays and says so when the server %s",
    async (_, arrange, message) => {
      const { page } = await open();
      await arrange(page);
      await check(page, SAMPLE_URLS.phishing, "phishing");
      await page.locator("#guess-problem", { hasText: message }).waitFor();
      expect(await page.getByLabel("URL to check").inputValue()).toBe(SAMPLE_URLS.phishing);
      expect(await activeId(page)).toBe("phishing");
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(chromium === undefined)("with ten requests a minute", () => {
  test(
    "a visit costs four at most, and a reload or a check one",
    async () => {
      const { page, asked } = await open();
      expect(asked.length).toBeLessThanOrEqual(4);
      asked.length = 0;
      await page.reload();
      await check(page, SAMPLE_URLS.phishing, "phishing");
      await page.locator("#result").waitFor();
      // The icon is asked for once, and when the browser likes.
      expect(asked.filter((path) => !path.includes("favicon"))).toEqual(["/", "/"]);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(chromium === undefined)("the experiment", () => {
  test(
    "swaps the colours of the buttons, and nothing else of their looks",
    async () => {
      const read = `[...document.querySelectorAll("button[name=guess]")].map((button) => {
      const { backgroundColor, color, width, height, font } = getComputedStyle(button);
      return { text: button.textContent, backgroundColor, color, width, height, font };
    })`;
      const [one, two] = await Promise.all(
        (["v1", "v2"] as const).map(async (variant) => {
          const { page } = await open({ variant });
          return (await page.evaluate(read)) as {
            text: string;
            backgroundColor: string;
            color: string;
          }[];
        }),
      );
      const colour = (button: typeof one, at: number) => button?.[at]?.backgroundColor;
      expect(colour(one, 0)).not.toBe(colour(one, 1));
      expect([colour(two, 0), colour(two, 1)]).toEqual([colour(one, 1), colour(one, 0)]);
      const bare = (buttons: typeof one) =>
        buttons?.map((button) => ({ ...button, backgroundColor: "", color: "" }));
      expect(bare(one)).toEqual(bare(two));
    },
    TIMEOUT_MS,
  );
});
