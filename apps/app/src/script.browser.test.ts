import { describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import {
  activeId,
  check,
  executablePath,
  SLOW_URL,
  TIMEOUT_MS,
  takePicture,
  useBrowser,
  waitForAutofocus,
} from "./browser-testing.ts";
import { SAMPLE_URLS } from "./fake-model-service.ts";

const { open } = useBrowser();

describe.skipIf(executablePath === undefined)("the page with its script", () => {
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
      expect(await page.getByLabel("Link to check").inputValue()).toBe(SAMPLE_URLS.phishing);
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
      const url = page.getByLabel("Link to check");
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
      expect(await page.getByLabel("Link to check").inputValue()).toBe("");
      expect(await page.locator("#score").textContent()).toBe(
        "Your guess matched 1 of 1 sure verdict.",
      );
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    "leaves the link of a pasted text in the field, and leads to the question",
    async () => {
      const { page, complaints } = await open();
      await check(page, "Dear customer, see https://a.example now", "legitimate");
      await page.locator("#guess-problem", { hasText: "say once more" }).waitFor();
      expect(await page.getByLabel("Link to check").inputValue()).toBe("https://a.example");
      expect(await activeId(page)).toBe("phishing");
      await page.keyboard.press("Space");
      await page.locator("#result").waitFor();
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    "answers those who do not know, and takes its question back",
    async () => {
      const { page, complaints } = await open();
      await page.getByLabel("Link to check").fill(SAMPLE_URLS.phishing);
      await page.keyboard.press("Enter");
      await page.locator("#guess-problem", { hasText: "or say that you do not know" }).waitFor();
      await page.getByRole("button", { name: "I do not know" }).click();
      await page.locator("#verdict", { hasText: "Phishing" }).waitFor();
      expect(await page.locator("#guess-problem").textContent()).toBe("");
      expect(await page.locator("#score").textContent()).toContain("starts with");
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    ["nothing", " ", "Enter a link to check."],
    [
      "too much",
      "x".repeat(2049),
      "This has 2,049 characters; 2,048 at most can be checked. Was more than the link copied? Do not cut the link itself.",
    ],
  ])(
    "tells of %s before it sends anything, until the field is changed",
    async (_, url, message) => {
      const { page, complaints } = await open();
      await check(page, url, "phishing");
      expect(await page.locator("#url-problem").textContent()).toBe(message);
      expect(await activeId(page)).toBe("url");
      await page.keyboard.type("a");
      expect(await page.locator("#url-problem").textContent()).toBe("");
      expect(await page.getByLabel("Link to check").getAttribute("aria-invalid")).toBe(null);
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
      "limits us with a page of its own",
      (page: Page) =>
        page.route("**/", (route) =>
          route.fulfill({
            status: 429,
            contentType: "text/html",
            body: '<style>b{color:red}</style><b style="color:red">Slow down</b>',
          }),
        ),
      "Try again in a minute.",
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
      "limits us for a second",
      (page: Page) =>
        page.route("**/", (route) =>
          route.fulfill({ status: 429, headers: { "retry-after": "1" }, body: "{}" }),
        ),
      "Try again in 1 second.",
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
      const { page, complaints } = await open();
      await arrange(page);
      await check(page, SAMPLE_URLS.phishing, "phishing");
      await page.locator("#guess-problem", { hasText: message }).waitFor();
      expect(await page.getByLabel("Link to check").inputValue()).toBe(SAMPLE_URLS.phishing);
      expect(await activeId(page)).toBe("phishing");
      // What is not our page is not parsed: its styles would break the rule for ours.
      expect(complaints.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(executablePath === undefined)("with ten requests a minute", () => {
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

describe.skipIf(executablePath === undefined)("the experiment", () => {
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
