import { describe, expect, test } from "bun:test";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp, formRequest, jsonRequest } from "./testing.ts";

const FORM = "application/x-www-form-urlencoded";
const timeout: ModelReply = {
  kind: "unknown",
  reason: { code: "timeout", message: "The model service did not answer within 0.9 seconds." },
};

/** Text of the elements that the selector names, white space joined. */
function readText(page: string, selector: string): string {
  let text = "";
  const rewriter = new HTMLRewriter().on(selector, {
    text(chunk) {
      text += chunk.text;
    },
  });
  rewriter.transform(page);
  return text.replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
}

describe("GET /", () => {
  test("shows the form, the version, and no verdict", async () => {
    const { app } = await createTestApp();
    const response = await app.request("/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    const page = await response.text();
    expect(page).toContain('name="url_input"');
    expect(page).toContain("app 1.2.3, revision <code>0123456789ab</code>");
    expect(page).not.toContain('id="result"');
  });

  test("differs between the variants in one attribute", async () => {
    const [one = "", two = ""] = await Promise.all(
      (["v1", "v2"] as const).map(async (variant) => {
        const { app } = await createTestApp({ variant });
        const response = await app.request("/");
        expect(response.headers.get("x-app-version")).toBe(variant);
        return response.text();
      }),
    );
    expect(one).not.toBe(two);
    expect(one.replace('data-variant="v1"', 'data-variant="v2"')).toBe(two);
  });
});

describe("POST /", () => {
  test.each([
    [
      "phishing",
      SAMPLE_URLS.phishing,
      "phishing",
      "Phishing",
      "You said phishing, and so does the verdict.",
      "1 of 1",
    ],
    [
      "legitimate",
      SAMPLE_URLS.legitimate,
      "phishing",
      "Legitimate",
      "You said phishing. The verdict is legitimate.",
      "0 of 1",
    ],
    [
      "unsure",
      SAMPLE_URLS.unsure,
      "legitimate",
      "Unsure",
      "An unsure verdict does not count for your score.",
      "starts with",
    ],
    [
      "a short link, by rule",
      SAMPLE_URLS.shortened,
      "phishing",
      "Unsure",
      "This link only forwards to another.",
      "starts with",
    ],
    [
      "a private address, by rule",
      SAMPLE_URLS.private,
      "phishing",
      "Unsure",
      "This address is of a private network or of your own device.",
      "starts with",
    ],
    [
      "a look-alike, by rule",
      SAMPLE_URLS.lookalike,
      "phishing",
      "Phishing",
      "A rule decided this, not the modelThis host imitates Rabobank and is not one of its domains: rabobank.nl stands in front of another owner’s domain.",
      "1 of 1",
    ],
    [
      "a verified brand, by rule",
      SAMPLE_URLS.verified,
      "legitimate",
      "Legitimate",
      "ing.nl is on our list of domains that belong to ING.",
      "1 of 1",
    ],
  ])("says %s", async (_, url, guess, verdict, sentence, score) => {
    const { app } = await createTestApp();
    const response = await app.request("/", formRequest({ url_input: url, guess }));
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(readText(page, "#verdict")).toBe(verdict);
    expect(readText(page, ".verdict")).toContain(sentence);
    expect(readText(page, "#score")).toContain(score);
    expect(readText(page, ".url")).toBe(url);
  });

  test("explains the score in natural frequencies, with signs, and says how exact that is", async () => {
    const { app } = await createTestApp();
    const response = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" }),
    );
    const page = await response.text();
    expect(readText(page, ".base-rates")).toContain(
      "Where 1 in 100 links is phishing, about 44 of 100 links with this score are.Where 1 in 1,000",
    );
    const weights = readText(page, ".weights");
    expect(weights).toStartWith("paypa1-account in the host ▲ phishing +2.37");
    expect(weights).toContain("id=8842 in the query ▼ legitimate −0.31");
    expect(weights).toContain("length of the host ▲ phishing +0.26");
    expect(readText(page, ".explanation")).toContain("Approximate: each part");
    expect(readText(page, ".model-score")).toContain("Model wide-bag 2.0.0.");
    expect(readText(page, ".model-score")).toContain("99% likely phishing");
  });

  test("says of a verdict by rule what the rule says, not what the model thinks", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.verified, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".lead")).toBe("This address is on a domain of a brand that we know.");
    expect(readText(page, ".base-rates")).toContain("about the score alone, not about the rule");
  });

  test("says Unknown and why when the model does not answer", async () => {
    const { app, logged } = await createTestApp({ predict: async () => timeout });
    const response = await app.request(
      "/",
      formRequest({ url_input: "https://a.example/secret", guess: "phishing" }),
    );
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(readText(page, "#verdict")).toBe("Unknown");
    expect(readText(page, ".lead")).toBe("The model service did not answer within 0.9 seconds.");
    expect(logged).toMatchObject([{ event: "model-unknown", code: "timeout" }]);
    expect(JSON.stringify(logged)).not.toContain("secret");
  });

  test.each([
    ["no URL", { guess: "phishing" }, "#url-problem", "Enter a URL to check."],
    [
      "a blank URL",
      { url_input: " \t", guess: "phishing" },
      "#url-problem",
      "Enter a URL to check.",
    ],
    ["nothing at all", {}, "#url-problem", "Enter a URL to check."],
    [
      "2,049 characters",
      { url_input: `https://a.example/${"x".repeat(2031)}`, guess: "phishing" },
      "#url-problem",
      "This URL has 2,049 characters. Shorten it to 2,048 or fewer.",
    ],
    [
      "what is no URL",
      { url_input: "hello", guess: "phishing" },
      "#url-problem",
      "This cannot be checked: the url is not a web address. Was all of it copied",
    ],
    [
      "neither button",
      { url_input: "https://a.example/" },
      "#guess-problem",
      "What do you think? Choose one of the two, then the model answers.",
    ],
    [
      "a third button",
      { url_input: "https://a.example/", guess: "maybe" },
      "#guess-problem",
      "What do you think?",
    ],
  ])("asks again for %s", async (_, fields, selector, message) => {
    const { app } = await createTestApp();
    const response = await app.request("/", formRequest(fields));
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(readText(page, selector)).toStartWith(message);
    const kept = (fields as { url_input?: string }).url_input ?? "";
    expect(page).toContain(`value="${kept}"`);
  });

  test("takes 2,048 characters, and white space around them", async () => {
    const { app } = await createTestApp();
    const url = `https://a.example/${"x".repeat(2030)}`;
    const response = await app.request(
      "/",
      formRequest({ url_input: `\n ${url} `, guess: "phishing" }),
    );
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(readText(page, ".url")).toBe(url);
  });

  test("keeps the score in a cookie that scripts and other sites do not see", async () => {
    const { app } = await createTestApp();
    const cookie = "hookline-score=3-4";
    const response = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" }, { cookie }),
    );
    expect(response.headers.get("set-cookie")).toBe(
      "hookline-score=4-5; Path=/; HttpOnly; SameSite=Strict",
    );
    const unsure = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.unsure, guess: "phishing" }, { cookie }),
    );
    expect(unsure.headers.get("set-cookie")).toBe(null);
    expect(readText(await unsure.text(), "#score")).toBe(
      "Your guess matched 3 of 4 sure verdicts.",
    );
  });
});

describe("POST /api/check", () => {
  test("is the same as JSON", async () => {
    const { app } = await createTestApp();
    const response = await app.request(
      "/api/check",
      jsonRequest({ url: SAMPLE_URLS.phishing, guess: "legitimate" }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      verdict: "Phishing",
      guess: "legitimate",
      agreed: false,
      ...buildAnswer(SAMPLE_URLS.phishing),
    });
  });

  test("needs no guess", async () => {
    const { app } = await createTestApp();
    const response = await app.request("/api/check", jsonRequest({ url: SAMPLE_URLS.legitimate }));
    expect(await response.json()).toMatchObject({
      verdict: "Legitimate",
      guess: null,
      agreed: null,
    });
  });

  test("says Unknown and why when the model does not answer", async () => {
    const { app } = await createTestApp({ predict: async () => timeout });
    const response = await app.request(
      "/api/check",
      jsonRequest({ url: "https://a.example/", guess: "phishing" }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      verdict: "Unknown",
      guess: "phishing",
      agreed: null,
      reason: { code: "timeout", message: "The model service did not answer within 0.9 seconds." },
    });
  });

  test.each([
    ["an empty URL", jsonRequest({ url: "" }), 422, "EMPTY_URL"],
    ["2,049 characters", jsonRequest({ url: "x".repeat(2049) }), 422, "URL_TOO_LONG"],
    ["what is no URL", jsonRequest({ url: "hello" }), 422, "NOT_A_URL"],
    ["no URL", jsonRequest({}), 400, "MALFORMED"],
    ["a URL of another type", jsonRequest({ url: 1 }), 400, "MALFORMED"],
    ["another guess", jsonRequest({ url: "https://a.example", guess: "yes" }), 400, "MALFORMED"],
    [
      "an unknown field",
      jsonRequest({ url: "https://a.example", gues: "phishing" }),
      400,
      "MALFORMED",
    ],
    ["a list", jsonRequest([]), 400, "MALFORMED"],
    ["broken JSON", { ...jsonRequest({}), body: '{"url":' }, 400, "MALFORMED"],
    [
      "no body",
      { method: "POST", headers: { "content-type": "application/json" } },
      400,
      "MALFORMED",
    ],
    [
      "bytes that are no UTF-8",
      { ...jsonRequest({}), body: new Uint8Array([0x22, 0xff, 0x22]) },
      400,
      "MALFORMED",
    ],
    ["a form", formRequest({ url: "https://a.example" }), 415, "WRONG_TYPE"],
    ["17 KiB", jsonRequest({ url: "x".repeat(17 * 1024) }), 413, "TOO_LARGE"],
  ])("refuses %s", async (_, request, status, code) => {
    const { app } = await createTestApp();
    const response = await app.request("/api/check", request);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { code, message: expect.stringMatching(/\w/) },
    });
  });
});

describe("createApp()", () => {
  const html = { accept: "text/html,application/xhtml+xml" };
  test.each<[string, string, RequestInit, number, RegExp]>([
    ["an unknown path", "/admin", { headers: html }, 404, /^text\/html/],
    [
      "an unknown path for a program",
      "/admin",
      { headers: { accept: "application/json" } },
      404,
      /json/,
    ],
    ["an unknown path of the API", "/api/nothing", {}, 404, /json/],
    ["the metrics, which have their own port", "/metrics", {}, 404, /^text\/html/],
    ["another method", "/", { method: "DELETE", headers: html }, 405, /^text\/html/],
    ["GET of the API", "/api/check", {}, 405, /json/],
    [
      "a form of another type",
      "/",
      { method: "POST", headers: { "content-type": "text/plain" }, body: "x" },
      415,
      /^text\/html/,
    ],
    ["an upload", "/", { method: "POST", body: new FormData() }, 415, /^text\/html/],
    ["a form without a type", "/", { method: "POST" }, 415, /^text\/html/],
    ["a large form", "/", formRequest({ url_input: "x".repeat(17 * 1024) }), 413, /^text\/html/],
    [
      "a form from elsewhere",
      "/",
      formRequest({}, { "sec-fetch-site": "cross-site" }),
      403,
      /^text\/html/,
    ],
  ])("answers %s", async (_, path, request, status, type) => {
    const { app } = await createTestApp();
    const response = await app.request(path, request);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toMatch(type);
    expect(response.headers.get("x-app-version")).toBe("v1");
    expect(response.headers.get("cache-control")).toBe("no-store");
    if (status === 405) expect(response.headers.get("allow")).toMatch(/^(GET, HEAD, POST|POST)$/);
  });

  test("refuses a large body without a length while it comes in", async () => {
    const { app } = await createTestApp();
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(4096));
      },
    });
    const response = await app.request("/", {
      method: "POST",
      headers: { "content-type": FORM },
      body,
    });
    expect(response.status).toBe(413);
    // The rest is not read: a kept connection would take it for the next request.
    expect(response.headers.get("connection")).toBe("close");
    expect(sent).toBeLessThan(10);
  });

  test("answers a fault of ours with 500, without a word of it, and logs it", async () => {
    const predict = () => Promise.reject(new Error("the secret reason"));
    const { app, logged } = await createTestApp({ predict });
    const response = await app.request(
      "/api/check",
      jsonRequest({ url: "https://a.example" }, { "x-request-id": "id-9" }),
    );
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: { code: "INTERNAL", message: "Something went wrong on our side" },
    });
    expect(logged).toMatchObject([
      { event: "error", requestId: "id-9", error: expect.stringContaining("the secret reason") },
    ]);
  });

  test.each([
    ["/", {}],
    ["/", formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" })],
    ["/", formRequest({})],
    ["/nowhere", {}],
    ["/api/check", jsonRequest({ url: SAMPLE_URLS.phishing })],
    ["/version", {}],
    ["/healthz", {}],
  ] as [string, RequestInit][])("guards %s with headers", async (path, request) => {
    const { app } = await createTestApp({ variant: "v2" });
    const { headers } = await app.request(path, request);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-app-version")).toBe("v2");
    expect(headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
  });

  test("hands the caller's request id, trace and canary cookie on to the model", async () => {
    const seen: Readonly<Record<string, string>>[] = [];
    const { app } = await createTestApp({
      async predict(url, headers) {
        seen.push(headers);
        return { kind: "answered", answer: buildAnswer(url) };
      },
    });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = {
      "x-request-id": "id-1",
      traceparent,
      "user-type": "test-user",
      cookie: "a=b; hookline-version=v2",
    };
    const response = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" }, headers),
    );
    expect(seen).toEqual([{ ...headers, cookie: "hookline-version=v2" }]);
    expect(response.headers.get("x-request-id")).toBe("id-1");
  });

  test("says that it lives, is ready, which version it is, and where its icon is", async () => {
    const { app } = await createTestApp();
    expect(await (await app.request("/healthz")).json()).toEqual({ status: "ok" });
    expect(await (await app.request("/readyz")).json()).toEqual({ status: "ready" });
    expect(await (await app.request("/version")).json()).toEqual({
      name: "@hookline/app",
      version: "1.2.3",
      revision: "0123456789abcdef",
      variant: "v1",
    });
    expect((await app.request("/favicon.ico")).headers.get("location")).toMatch(
      /^\/assets\/favicon\.\w+\.svg$/,
    );
  });

  test("is not ready while it drains", async () => {
    const { app } = await createTestApp({ isDraining: () => true });
    const ready = await app.request("/readyz");
    expect(ready.status).toBe(503);
    expect(ready.headers.get("connection")).toBe("close");
    expect((await app.request("/healthz")).status).toBe(200);
  });

  test("counts pages, submissions, model calls and answers by route pattern", async () => {
    const { app, metrics } = await createTestApp();
    await app.request("/");
    await app.request("/", { method: "HEAD" });
    await app.request("/", formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" }));
    await app.request("/", formRequest({ url_input: "", guess: "phishing" }));
    await app.request("/api/check", jsonRequest({ url: "hello" }));
    await app.request("/assets/none.css");
    await app.request("/any/path/at/all");
    await app.request("/any/path", { method: "PROPFIND" });
    const text = await metrics.registry.metrics();
    const expected = [
      'page_requests_total{version="v1"} 1',
      'model_requests_total{version="v1"} 3',
      'model_request_summary_count{version="v1"} 2',
      'model_call_outcomes_total{outcome="answered",version="v1"} 1',
      'model_call_outcomes_total{outcome="rejected",version="v1"} 1',
      'experiment_checks_total{guess="phishing",verdict="Phishing",version="v1"} 1',
      'http_requests_total{method="POST",route="/",status="200",version="v1"} 1',
      'http_requests_total{method="POST",route="/",status="422",version="v1"} 1',
      'http_requests_total{method="POST",route="/api/check",status="422",version="v1"} 1',
      'http_requests_total{method="GET",route="/assets/:name",status="404",version="v1"} 1',
      'http_requests_total{method="GET",route="unmatched",status="404",version="v1"} 1',
      'http_requests_total{method="other",route="unmatched",status="404",version="v1"} 1',
    ];
    const lines = new Set(text.split("\n"));
    expect(expected.filter((line) => !lines.has(line))).toEqual([]);
  });
});
