// What the tests of the page in a browser share: windows on a page of its own server, and what is read of them.
import { afterAll, afterEach, beforeAll } from "bun:test";
import { CHROMIUM_FLAGS, findChromium } from "@hookline/http-service/testing";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Variant } from "./config.ts";
import { buildAnswer } from "./fake-model-service.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp } from "./testing.ts";

/** Undefined where there is none: the tests are skipped, aloud. */
export const executablePath = findChromium();
/** A folder that pictures of every state are written to, for people to look at. */
const PICTURES = process.env["SCREENSHOTS"];
export const TIMEOUT_MS = 120_000;

/** The model is away, or late, for these two. */
export const AWAY_URL = "https://away.example/";
export const SLOW_URL = "https://slow.example/";

async function cleanUp(list: (() => unknown)[]): Promise<void> {
  for (const cleanup of list.splice(0).reverse()) await cleanup();
}

export interface Opened {
  readonly page: Page;
  /** What the browser complained about: script errors, refused files, broken CSP. */
  readonly complaints: string[];
  /** The paths that the server was asked for. */
  readonly asked: string[];
  /** Lets the answer for SLOW_URL go. */
  readonly release: () => void;
}

export interface OpenOptions extends BrowserContextOptions {
  readonly variant?: Variant;
}

interface Windows {
  /** Opens the page; what was opened is closed after the test. */
  readonly open: (options?: OpenOptions) => Promise<Opened>;
  /** The same, for a window of all tests. */
  readonly openLasting: (options?: OpenOptions) => Promise<Opened>;
}

/** Starts a browser for the tests of a file, and ends it after them. */
export function useBrowser(): Windows {
  let browser: Browser;
  const cleanups: (() => unknown)[] = [];
  const lasting: (() => unknown)[] = [];
  beforeAll(async () => {
    if (executablePath !== undefined) {
      browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
    }
  }, TIMEOUT_MS);
  afterEach(() => cleanUp(cleanups));
  afterAll(async () => {
    await cleanUp(lasting);
    await browser?.close();
  });
  return {
    open: (options = {}) => openWindow(browser, options, cleanups),
    openLasting: (options = {}) => openWindow(browser, options, lasting),
  };
}

async function openWindow(
  browser: Browser,
  { variant, ...context }: OpenOptions,
  toUndo: (() => unknown)[],
): Promise<Opened> {
  const { promise: slow, resolve: release } = Promise.withResolvers<void>();
  const { app } = await createTestApp({
    variant: variant ?? "v1",
    async predict(url): Promise<ModelReply> {
      if (url === SLOW_URL) await slow;
      if (url === AWAY_URL) {
        return {
          kind: "unknown",
          reason: { code: "unreachable", message: "The model service could not be reached." },
        };
      }
      if (!/^\S*[.:]\S*$/.test(url))
        return { kind: "rejected", message: "The url is not a web address" };
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

export async function check(
  page: Page,
  url: string,
  guess: "phishing" | "legitimate",
): Promise<void> {
  await page.getByLabel("Link to check").fill(url);
  await page.getByRole("button", { name: guess }).click();
}

export async function takePicture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined)
    await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

/** How far the page is wider than its window, in pixels. */
export function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

export const activeId = (page: Page) =>
  page.evaluate("document.activeElement.id || document.activeElement.value");

/** The browser gives the focus with the first frame, which may be after the load. */
export async function waitForAutofocus(page: Page): Promise<void> {
  await page.waitForFunction("document.activeElement.id === 'url'");
}
