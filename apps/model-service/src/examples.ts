// What the document shows of each endpoint: what is sent, and what this program answered with models/v1 and its own list of
// brands. Figures are cut to four digits.

/** A request, and the answer that it gets. */
export interface Example {
  readonly summary: string;
  /** Behind the path. */
  readonly query?: string;
  /** What the body and the answer are; JSON without it. */
  readonly type?: string;
  /** Of NDJSON, one line. */
  readonly body?: unknown;
  /** 200 without it. */
  readonly status?: number;
  readonly answer: unknown;
}

const LOOKALIKE = {
  prediction: "Phishing",
  probability: 0.9996,
  threshold: 0.80475,
  confidence: "sure",
  band: { low: 0.121912, high: 0.80475 },
  atBaseRate: [
    { baseRate: 0.01, probability: 0.9689 },
    { baseRate: 0.001, probability: 0.7555 },
  ],
  decidedBy: "brand-rule",
  brand: { kind: "lookalike", brand: "PayPal", how: "subdomain", part: "paypal" },
  model: { name: "linear", version: "1.0.0" },
};

const PLAIN = {
  prediction: "Legitimate",
  probability: 0.003008,
  threshold: 0.80475,
  confidence: "sure",
  band: { low: 0.121912, high: 0.80475 },
  atBaseRate: [
    { baseRate: 0.01, probability: 0.00003553 },
    { baseRate: 0.001, probability: 0.000003521 },
  ],
  decidedBy: "model",
  brand: null,
  model: { name: "linear", version: "1.0.0" },
};

const EXPLANATION = {
  method: "exact",
  logit: -5.804,
  bias: 0.5664,
  parts: [
    { start: 0, end: 7, text: "example", segment: "host", weight: -1.457 },
    { start: 7, end: 11, text: ".org", segment: "host", weight: -2.043 },
    { start: 11, end: 16, text: "/docs", segment: "path", weight: -1.521 },
  ],
  lexical: [
    { name: "no file ending", weight: 0.2159 },
    { name: "host length 7", weight: -0.2429 },
    { name: "host digits 0", weight: -0.2699 },
    { name: "host hyphens 0", weight: -0.153 },
    { name: "host dots 1", weight: -0.08097 },
    { name: "letter–digit changes 0", weight: -0.1799 },
    { name: "longest word 6", weight: -0.117 },
    { name: "site length 3", weight: -0.144 },
    { name: "site vowel share 6", weight: -0.108 },
    { name: "site consonant run 3", weight: -0.06298 },
    { name: "site entropy 9", weight: 0.02699 },
    { name: "subdomain length 0", weight: -0.2339 },
    { name: "site digit run 0", weight: -0.07198 },
    { name: "site digits 0", weight: -0.07198 },
    { name: "site hyphens 0", weight: -0.04499 },
    { name: "suffix inside 0", weight: -0.01799 },
    { name: "digit at an end 0", weight: -0.04499 },
    { name: "path length 5", weight: 0.4139 },
    { name: "path depth 1", weight: -0.05398 },
    { name: "path digits 0", weight: -0.144 },
    { name: "path capitals 0", weight: -0.2159 },
    { name: "path escapes 0", weight: 0.01799 },
    { name: "path @ 0", weight: 0.008997 },
    { name: "query length 0", weight: 0.01799 },
    { name: "query parameters 0", weight: 0.01799 },
    { name: "depth 1", weight: 0.4229 },
    { name: "url length 8", weight: -0.2339 },
  ],
};

const NO_URL = { error: { code: "NOT_A_URL", message: "The url is not a web address" } };

/** The examples of each endpoint, by their names in the document. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, Example>>>> = {
  "POST /predict": {
    lookalike: {
      summary: "A rule finds what imitates a brand",
      body: { url: "http://paypal-login.example.net/verify?id=1" },
      answer: LOOKALIKE,
    },
    explained: {
      summary: "With ?explain=true, what moved the score",
      query: "?explain=true",
      body: { url: "example.org/docs" },
      answer: { ...PLAIN, explanation: EXPLANATION },
    },
    text: {
      summary: 'The answer to {"url":"hello there"}',
      body: { url: "hello there" },
      status: 422,
      answer: NO_URL,
    },
    number: {
      summary: 'The answer to {"url":1}',
      body: { url: 1 },
      status: 400,
      answer: {
        error: {
          code: "MALFORMED",
          message: "The url is wrong: Invalid input: expected string, received number",
        },
      },
    },
  },
  "POST /predict/batch": {
    list: {
      summary: "A URL, and text that is none",
      body: { urls: ["example.org/docs", "hello there"] },
      answer: { results: [PLAIN, NO_URL] },
    },
    line: {
      summary: "One line of many",
      type: "application/x-ndjson",
      body: "example.org/docs",
      answer: PLAIN,
    },
    none: {
      summary: 'The answer to {"urls":[]}',
      body: { urls: [] },
      status: 400,
      answer: {
        error: {
          code: "MALFORMED",
          message: "The urls is wrong: Too small: expected array to have >=1 items",
        },
      },
    },
  },
  "GET /healthz": { ok: { summary: "It runs", answer: { status: "ok" } } },
  "GET /readyz": { ready: { summary: "A model is warm", answer: { status: "ready" } } },
  "GET /version": {
    version: {
      summary: "A release and the model in place",
      answer: {
        name: "@hookline/model-service",
        version: "0.1.0",
        revision: "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b",
        model: { name: "linear", version: "1.0.0" },
      },
    },
  },
};
