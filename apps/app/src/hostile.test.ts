import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import type { ModelAnswer } from "./model-answer.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp, formRequest, jsonRequest } from "./testing.ts";

const TAGS = new Set(
  "html head meta title link script body a header svg g path circle rect line text defs pattern lineargradient stop main section h1 h2 h3 form button label input p fieldset legend div span strong footer code bdi mark ul ol li".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  "lang data-variant charset name content rel href type src class id role method action autocomplete for inputmode value dir required autofocus autocapitalize autocorrect spellcheck aria-describedby aria-invalid aria-label aria-labelledby aria-hidden focusable tabindex title viewbox d cx cy r x y x1 x2 y1 y2 rx width height fill offset text-anchor patternunits patterntransform".split(
    " ",
  ),
);
// What is not seen, or turns the line: may stand in the field's value, which is no markup, but nowhere else.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u{2028}\u{2029}]/u;

interface Seen {
  readonly links: string[];
  readonly scripts: string[];
  readonly strangers: string[];
}

/** Every element, attribute and target of a page that our own views cannot have made. */
async function inspect(page: string): Promise<Seen> {
  const seen: Seen = { links: [], scripts: [], strangers: [] };
  const rewriter = new HTMLRewriter().on("*", {
    element(element) {
      if (!TAGS.has(element.tagName)) seen.strangers.push(`<${element.tagName}>`);
      for (const [name = ""] of element.attributes) {
        if (!ATTRIBUTES.has(name.toLowerCase())) seen.strangers.push(`${element.tagName}[${name}]`);
      }
      const href = element.getAttribute("href");
      if (href !== null) seen.links.push(href);
      if (element.tagName === "script") seen.scripts.push(element.getAttribute("src") ?? "inline");
    },
    text(chunk) {
      if (INVISIBLE.test(chunk.text)) seen.strangers.push(JSON.stringify(chunk.text));
    },
  });
  await rewriter.transform(new Response(page)).text();
  return seen;
}

/** The model quotes the URL back in every place where it can. */
async function quoteBack(url: string): Promise<ModelReply> {
  const part = { start: 0, end: url.length, text: url, weight: 1.5, segment: "host" } as const;
  const answer: ModelAnswer = {
    ...buildAnswer(SAMPLE_URLS.phishing),
    brand: { kind: "lookalike", brand: "PayPal", how: "edit", part: url },
    explanation: { method: "exact", parts: [part, { ...part, end: 1, weight: -1 }], lexical: [] },
  };
  return { kind: "answered", answer };
}

async function expectInert(url: string): Promise<void> {
  const { app } = await createTestApp({ predict: quoteBack });
  const response = await app.request("/", formRequest({ url_input: url, guess: "phishing" }));
  expect([200, 422]).toContain(response.status);
  const page = await response.text();
  const { links, scripts, strangers } = await inspect(page);
  expect(strangers).toEqual([]);
  expect(scripts).toEqual([expect.stringMatching(/^\/assets\/enhance\.\w+\.js$/)]);
  expect(links.filter((link) => !/^(\/|#main|\/assets\/[\w.]+)$/.test(link))).toEqual([]);
}

describe("a hostile URL", () => {
  test.each([
    ["markup", "https://a.example/<script>alert(1)</script><img src=x onerror=alert(1)>"],
    ["a broken-out attribute", `https://a.example/" autofocus onfocus="alert(1)`],
    ["single quotes and grave accents", "https://a.example/'onmouseover='alert(1)'`{{1}}`"],
    ["the end of the element it stands in", "https://a.example/</bdi></p></div><h1>Safe</h1>"],
    ["a comment and CDATA", "https://a.example/<!--<![CDATA[<svg/onload=1>"],
    ["entities", "https://a.example/&lt;b&gt;&#60;script&#62;&colon;"],
    ["a script address", "javascript:alert(document.cookie)"],
    ["a data address", "data:text/html,<script>alert(1)</script>"],
    ["a right-to-left override", "https://a.example/\u202Egpj.exe\u2066\u2069"],
    ["NUL and other controls", "https://a.example/\0\u0001\u001B[2J\u007F\u0085"],
    ["line breaks", "https://a.example/a\r\nSet-Cookie: x=y\r\n\r\n<b>"],
    ["line separators", "https://a.example/\u2028\u2029"],
    ["halves of surrogate pairs", "https://a.example/\uD800x\uDC00"],
    ["emoji and flags", "https://a.example/😀👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["a stack of accents", `https://a.example/${"a\u0301\u0302\u0303".repeat(200)}`],
    ["Arabic and Hebrew", "https://مثال.إختبار/שלום/path"],
    ["noncharacters and private use", "https://a.example/\uFFFE\uFFFF\uE000\u{10FFFF}"],
    ["2,048 characters", `https://a.example/${"<".repeat(2030)}`],
    ["2,049 characters", `https://a.example/${"<".repeat(2031)}`],
  ])("with %s is shown inert", async (_, url) => {
    await expectInert(url);
  });

  test("of any kind is shown inert", async () => {
    const nasty = fc.constantFrom(
      '"',
      "'",
      "<",
      ">",
      "&",
      "</bdi>",
      "<script>",
      "\u202E",
      "\0",
      "\uD83D",
      "=",
      " ",
      "`",
      "{{",
      "${",
    );
    const url = fc
      .array(fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 40 })
      .map((pieces) => pieces.join(""));
    await fc.assert(fc.asyncProperty(url, expectInert), { numRuns: 200 });
  }, 120_000);

  test("of any kind is answered by the API as JSON, not with 500", async () => {
    const { app } = await createTestApp({ predict: quoteBack });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 3000 }), async (url) => {
        const response = await app.request("/api/check", jsonRequest({ url }));
        expect([200, 422]).toContain(response.status);
        const body = await response.json();
        if (response.status === 200)
          expect(body).toMatchObject({ explanation: { parts: [{ text: url.trim() }, {}] } });
      }),
    );
  });

  test("never comes back as an address, a header or a cookie", async () => {
    const { app } = await createTestApp({ predict: quoteBack });
    const url = "https://evil.example/x";
    const response = await app.request("/", formRequest({ url_input: url, guess: "phishing" }));
    expect([...response.headers].filter(([, value]) => value.includes("evil"))).toEqual([]);
    expect(await response.text()).not.toMatch(/(href|src|action|content)="[^"]*evil/);
  });
});

test("any bytes as a form get the page or a refusal, never 500", async () => {
  const { app } = await createTestApp({ predict: quoteBack });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (body) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const response = await app.request("/", { method: "POST", headers, body });
      expect([200, 400, 422]).toContain(response.status);
    }),
  );
});
