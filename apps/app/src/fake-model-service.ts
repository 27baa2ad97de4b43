// Test support: a model-service that speaks the contract and answers from a table.
import { z } from "zod";
import type { ModelAnswer } from "./model-answer.ts";

const MODEL = { name: "wide-bag", version: "2.0.0" };
const BAND = { low: 0.62, high: 0.91 };

/** A URL that each kind of answer is given for; any other gets the legitimate one. */
export const SAMPLE_URLS = {
  phishing: "http://secure-login.paypa1-account.top/verify/session.php?id=8842&user=anna",
  legitimate: "https://developer.mozilla.org/en-US/docs/Web/HTTP",
  unsure: "https://my-portfolio-2024.github.io/login",
  lookalike: "https://www.rabobank.nl.klantenservice-update.com/inloggen",
  verified: "https://www.ing.nl/particulier",
} as const;

/** The part `text` of the URL with its weight, found by searching. */
function part(url: string, text: string, weight: number, segment: "host" | "path" | "query") {
  const start = url.indexOf(text);
  return { start, end: start + text.length, text, weight, segment };
}

/** What the fake says for a URL. */
export function buildAnswer(url: string): ModelAnswer {
  const common = { threshold: BAND.high, band: BAND, model: MODEL, brand: null };
  switch (url) {
    case SAMPLE_URLS.phishing:
      return {
        ...common,
        prediction: "Phishing",
        probability: 0.9874,
        confidence: "sure",
        atBaseRate: buildBaseRates(0.9874),
        decidedBy: "model",
        brand: { kind: "lookalike", brand: "PayPal", how: "homoglyph", part: "paypa1-account" },
        explanation: {
          method: "occlusion",
          parts: [
            part(url, "secure-login", 1.21, "host"),
            part(url, "paypa1-account", 2.37, "host"),
            part(url, "top", 1.02, "host"),
            part(url, "verify", 0.71, "path"),
            part(url, "session.php", 0.44, "path"),
            part(url, "id=8842", -0.31, "query"),
          ],
          lexical: [{ name: "host length 10", weight: 0.26 }],
        },
      };
    case SAMPLE_URLS.unsure:
      return {
        ...common,
        prediction: "Legitimate",
        probability: 0.74,
        confidence: "unsure",
        atBaseRate: buildBaseRates(0.74),
        decidedBy: "model",
        explanation: {
          method: "exact",
          parts: [
            part(url, "github.io", 1.1, "host"),
            part(url, "portfolio", -0.92, "host"),
            part(url, "login", 0.83, "path"),
          ],
          lexical: [],
        },
      };
    case SAMPLE_URLS.lookalike:
      return {
        ...common,
        prediction: "Phishing",
        probability: 0.48,
        confidence: "sure",
        atBaseRate: buildBaseRates(0.48),
        decidedBy: "brand-rule",
        brand: { kind: "lookalike", brand: "Rabobank", how: "subdomain", part: "rabobank.nl" },
        explanation: {
          method: "exact",
          parts: [part(url, "klantenservice", 0.9, "host"), part(url, "inloggen", 0.5, "path")],
          lexical: [],
        },
      };
    default:
      return {
        ...common,
        prediction: "Legitimate",
        probability: 0.0213,
        confidence: "sure",
        atBaseRate: buildBaseRates(0.0213),
        decidedBy: url === SAMPLE_URLS.verified ? "brand-rule" : "model",
        brand:
          url === SAMPLE_URLS.verified
            ? { kind: "verified", brand: "ING", domain: "ing.nl" }
            : null,
        explanation: {
          method: "exact",
          parts: url.includes("mozilla")
            ? [
                part(url, "mozilla.org", -2.4, "host"),
                part(url, "docs", -1.1, "path"),
                part(url, "Web", 0.3, "path"),
              ]
            : [],
          lexical: [],
        },
      };
  }
}

/** Odds carried from a test mix with as many phishing as legitimate URLs to two rarer ones. */
function buildBaseRates(probability: number): ModelAnswer["atBaseRate"] {
  return [0.01, 0.001].map((baseRate) => {
    const odds = ((probability / (1 - probability)) * baseRate) / (1 - baseRate);
    return { baseRate, probability: odds / (1 + odds) };
  });
}

const Body = z.strictObject({ url: z.string() });

export interface FakeModelService {
  /** Its origin, for MODEL_URL. */
  readonly url: string;
  /** What it was sent, oldest first. */
  readonly requests: { readonly headers: Headers; readonly body: z.infer<typeof Body> }[];
  stop(): Promise<void>;
}

/** Listens on a free port; `answer` replaces what it says, for tests of a model that fails. */
export function startFakeModelService(
  answer: (url: string) => Response | Promise<Response> = answerByTable,
): FakeModelService {
  const requests: FakeModelService["requests"] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = Body.parse(await request.json());
      requests.push({ headers: request.headers, body });
      return answer(body.url);
    },
  });
  return { url: server.url.origin, requests, stop: () => server.stop(true) };
}

function answerByTable(url: string): Response {
  if (/[.:]/.test(url)) return Response.json(buildAnswer(url));
  const error = { code: "NOT_A_URL", message: "This is not a URL: it has no host" };
  return Response.json({ error }, { status: 422 });
}
