import { describe, expect, test } from "bun:test";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import { createTestApp, formRequest, jsonRequest } from "./testing.ts";

const FORM = "application/x-www-form-urlencoded";

describe("GET /", () => {
  test("shows the form, the version, and no verdict", async () => {
    const { app } = await createTestApp();
    const response = await app.request("/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    const page = await response.text();
    expect(page).toContain('name="url_input"');
    expect(page).toContain("app 1.2.3, revision <code>0123456789ab</code>");
    expect(page).toContain("its host and path stay in memory for a day at most");
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
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; script-src 'self'; connect-src 'self'",
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
