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
  homoglyph: "http://\u0430pple.com/login",
  foreign: "http://www.m\u00FCnchen.example/stra\u00DFe",
  posed: "paypal.com:443@evil.example",
  verified: "https://www.ing.nl/particulier",
  shortened: "https://bit.ly/3xYz12",
  private: "http://192.168.1.1/login",
  open: "https://drive.google.com/file/d/1/view",
} as const;

type Segment = "host" | "path" | "query";

/** What is said of one URL; its parts are found by their text. */
interface Row extends Pick<ModelAnswer, "prediction" | "probability" | "confidence" | "decidedBy"> {
  readonly brand?: ModelAnswer["brand"];
  readonly method: "exact" | "occlusion";
  readonly parts: readonly (readonly [text: string, weight: number, segment: Segment])[];
  readonly lexical?: { name: string; weight: number }[];
}

const LEGITIMATE: Row = {
  prediction: "Legitimate",
  probability: 0.0213,
  confidence: "sure",
  decidedBy: "model",
  method: "exact",
  parts: [],
};

const TABLE: Readonly<Record<string, Row>> = {
  [SAMPLE_URLS.phishing]: {
    prediction: "Phishing",
    probability: 0.9874,
    confidence: "sure",
    decidedBy: "model",
    brand: { kind: "lookalike", brand: "PayPal", how: "homoglyph", part: "paypa1-account" },
    method: "occlusion",
    parts: [
      ["secure-login", 1.21, "host"],
      ["paypa1-account", 2.37, "host"],
      ["top", 1.02, "host"],
      ["verify", 0.71, "path"],
      ["session.php", 0.44, "path"],
      ["id=8842", -0.31, "query"],
    ],
    lexical: [{ name: "host length 10", weight: 0.26 }],
  },
  [SAMPLE_URLS.legitimate]: {
    ...LEGITIMATE,
    parts: [
      ["mozilla.org", -2.4, "host"],
      ["docs", -1.1, "path"],
      ["Web", 0.3, "path"],
    ],
  },
  [SAMPLE_URLS.unsure]: {
    prediction: "Legitimate",
    probability: 0.74,
    confidence: "unsure",
    decidedBy: "model",
    method: "exact",
    parts: [
      ["github.io", 1.1, "host"],
      ["portfolio", -0.92, "host"],
      ["login", 0.83, "path"],
    ],
  },
  [SAMPLE_URLS.lookalike]: {
    prediction: "Phishing",
    probability: 0.48,
    confidence: "sure",
    decidedBy: "brand-rule",
    brand: { kind: "lookalike", brand: "Rabobank", how: "subdomain", part: "rabobank.nl" },
    method: "exact",
    parts: [
      ["klantenservice", 0.9, "host"],
      ["inloggen", 0.5, "path"],
    ],
  },
  [SAMPLE_URLS.homoglyph]: {
    ...LEGITIMATE,
    prediction: "Phishing",
    decidedBy: "brand-rule",
    brand: { kind: "lookalike", brand: "Apple", how: "homoglyph", part: "apple" },
    parts: [
      ["\u0430pple", 2.1, "host"],
      [".com", -0.6, "host"],
      ["login", 0.8, "path"],
    ],
  },
  [SAMPLE_URLS.foreign]: {
    ...LEGITIMATE,
    parts: [
      ["m\u00FCnchen", -1.4, "host"],
      ["stra\u00DFe", -0.8, "path"],
    ],
  },
  [SAMPLE_URLS.posed]: {
    ...LEGITIMATE,
    prediction: "Phishing",
    decidedBy: "brand-rule",
    brand: { kind: "lookalike", brand: "PayPal", how: "user name", part: "paypal.com" },
  },
  [SAMPLE_URLS.shortened]: {
    ...LEGITIMATE,
    prediction: "Phishing",
    probability: 0.93,
    confidence: "unsure",
    decidedBy: "shortener-rule",
  },
  [SAMPLE_URLS.private]: {
    ...LEGITIMATE,
    prediction: "Phishing",
    probability: 0.97,
    confidence: "unsure",
    decidedBy: "private-host-rule",
  },
  [SAMPLE_URLS.open]: {
    ...LEGITIMATE,
    prediction: "Phishing",
    probability: 0.98,
    confidence: "unsure",
    decidedBy: "open-host-rule",
  },
  [SAMPLE_URLS.verified]: {
    ...LEGITIMATE,
    decidedBy: "brand-rule",
    brand: { kind: "verified", brand: "ING", domain: "ing.nl" },
  },
};

/** What the fake says for a URL. */
export function buildAnswer(url: string): ModelAnswer {
  const { method, parts, lexical = [], ...said } = TABLE[url] ?? LEGITIMATE;
  return {
    threshold: BAND.high,
    band: BAND,
    model: MODEL,
    brand: null,
    ...said,
    atBaseRate: buildBaseRates(said.probability),
    explanation: {
      method,
      parts: parts.map(([text, weight, segment]) => {
        const start = url.indexOf(text);
        return { start, end: start + text.length, text, weight, segment };
      }),
      lexical,
    },
  };
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
