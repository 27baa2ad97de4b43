import { describe, expect, test } from "bun:test";
import { createTestService } from "./testing/create-test-service.ts";
import { makeReport } from "./testing/make-report.ts";

const PHISHING = { prediction: "Phishing", probability: 0.9 } as const;

describe("POST /reports", () => {
  test("takes reports with 202 and pairs them", async () => {
    const { postPair, pass, readReport } = createTestService();
    const response = await postPair("r-1", "a.example");
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: 2 });
    pass(10_000);
    expect(await readReport()).toMatchObject({ pairs: 1 });
  });

  const report = makeReport();
  const many = (count: number) => ({ reports: Array.from({ length: count }, () => report) });
  test.each<[string, unknown, number, string]>([
    ["no body", "", 400, "MALFORMED"],
    ["broken JSON", '{"reports":', 400, "MALFORMED"],
    ["null", "null", 422, "NOT_REPORTS"],
    ["a list", [report], 422, "NOT_REPORTS"],
    ["no reports", { reports: [] }, 422, "NOT_REPORTS"],
    ["501 reports", many(501), 422, "NOT_REPORTS"],
    ["an unknown field beside them", { reports: [report], user: "ann" }, 422, "NOT_REPORTS"],
    ["a role", { reports: [{ ...report, role: "shadow" }] }, 422, "NOT_REPORTS"],
    ["a probability above 1", { reports: [{ ...report, probability: 1.1 }] }, 422, "NOT_REPORTS"],
    ["a negative time", { reports: [{ ...report, latencyMs: -1 }] }, 422, "NOT_REPORTS"],
    ["an id with a line end", { reports: [{ ...report, requestId: "a\nb" }] }, 422, "NOT_REPORTS"],
    ["a long URL", { reports: [{ ...report, url: "a".repeat(601) }] }, 422, "NOT_REPORTS"],
    ["a model with a quote", { reports: [{ ...report, version: 'v"1' }] }, 422, "NOT_REPORTS"],
    [
      "a weight that is none",
      `{"reports":[${JSON.stringify(report).replace(/}$/, ',"explanation":{"method":"exact","parts":[{"text":"a","weight":1e999}]}}')}]}`,
      422,
      "NOT_REPORTS",
    ],
    ["a field named __proto__", '{"reports":[{"__proto__":{}}]}', 422, "NOT_REPORTS"],
    ["2 MB", { reports: [{ ...report, url: "a".repeat(2_000_000) }] }, 413, "TOO_LARGE"],
    ["nesting", "[".repeat(500_000), 400, "MALFORMED"],
  ])("refuses %s", async (_, body, status, code) => {
    const { post, book, faults } = createTestService();
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(book.pending).toBe(0);
    expect(faults).toEqual([]);
  });

  test("names the field that is wrong, and takes none of the others", async () => {
    const { post, book } = createTestService();
    const response = await post({ reports: [report, { ...report, probability: "high" }] });
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("reports.1.probability") },
    });
    expect(book.pending).toBe(0);
  });

  test("takes a report that tells more than is asked, as a newer model service may", async () => {
    const { post, book } = createTestService();
    const model = { ...report.model, created: "2026-11-30" };
    const explanation = { method: "exact", parts: [{ text: "a", weight: 1, at: 0 }], bias: 1 };
    const wordy = { ...report, user: "ann", model, explanation };
    expect((await post({ reports: [wordy] })).status).toBe(202);
    expect(book.pending).toBe(1);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", ""])(
    "refuses the type %p",
    async (type) => {
      const { post } = createTestService();
      expect((await post({ reports: [report] }, { "content-type": type })).status).toBe(415);
    },
  );

  test("refuses an announced length before it reads, and a body that does not end", async () => {
    const { app, post } = createTestService({ BODY_TIMEOUT_MS: "20" });
    const announced = await post("{}", { "content-length": "10000000" });
    expect([announced.status, announced.headers.get("connection")]).toEqual([413, "close"]);
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"reports"')),
    });
    const headers = { "content-type": "application/json" };
    const slow = await app.request("/reports", { method: "POST", headers, body });
    expect(slow.status).toBe(408);
    const wrong = { method: "POST", headers, body: new Uint8Array([0x22, 0xff, 0x22]) };
    expect((await app.request("/reports", wrong)).status).toBe(400);
  });
});

describe("GET /", () => {
  test("shows what the JSON tells, with every text escaped and no script", async () => {
    const { app, postPair, pass } = createTestService();
    const explanation = { method: "exact" as const, parts: [{ text: "<i>&", weight: -1.5 }] };
    await postPair("r-1", "<b>a.example/?…", { mirror: { ...PHISHING, explanation } });
    pass(10_000);
    const response = await app.request("/");
    const html = await response.text();
    expect(html).toContain("&lt;b&gt;a.example/?…");
    expect(html).toContain("&lt;i&gt;&amp;");
    expect(html).toContain("−1.500");
    expect(html).toContain("Keep watching");
    expect(html).toContain("then one verdict with scores 0.02 or more apart.");
    // Bounds that hold what they bound: the mean is known exactly, a difference by its step.
    expect(html).toMatch(/mean \+0\.650,.* nine of ten between \+0\.600 and \+0\.650 /s);
    expect(html).not.toMatch(/<script|<b>|<i>|style=/);
    const policy = response.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|https?:/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const style = /href="(\/assets\/style\.[0-9a-f]{12}\.css)"/.exec(html)?.[1];
    const css = await app.request(String(style));
    expect(css.headers.get("cache-control")).toContain("immutable");
    expect(await css.text()).toContain("--paper");
  });

  test.each([
    [undefined, "</strong> 0.250"],
    ["model", "</strong> 0.250"],
    ["brand-rule", "</strong> by the brand rule, the model alone 0.250"],
    ["some-newer-rule", "</strong> by the some newer rule, the model alone 0.250"],
  ])("tells who decided where it was not the model: %p", async (decidedBy, text) => {
    const { app, postPair, pass } = createTestService();
    await postPair("r-1", "a.example", { live: { decidedBy }, mirror: { probability: 0.1 } });
    pass(10_000);
    const html = await (await app.request("/")).text();
    expect(html).toContain(`live: <strong class="legitimate">Legitimate${text}</p>`);
    expect(html).toContain(`shadow: <strong class="legitimate">Legitimate</strong> 0.100</p>`);
  });

  test("marks a cell of the verdicts only where there are pairs that differ", async () => {
    const { app, postPair, pass } = createTestService();
    const readMarked = async () =>
      [...(await (await app.request("/")).text()).matchAll(/<td class="differs">(.*?)</g)].map(
        ([, count]) => count,
      );
    await postPair("r-1", "a.example");
    pass(10_000);
    expect(await readMarked()).toEqual([]);
    await postPair("r-2", "b.example", { mirror: PHISHING });
    pass(10_000);
    expect(await readMarked()).toEqual(["1"]);
  });

  test("says so when there is nothing to compare", async () => {
    const { app } = createTestService();
    expect(await (await app.request("/")).text()).toContain("Nothing to compare yet");
  });

  test("counts one as one", async () => {
    const { app, postPair, pass } = createTestService();
    await postPair("r-1", "a.example", { mirror: PHISHING });
    pass(10_000);
    expect(await (await app.request("/")).text()).toContain(
      "1 disagreement adds a warning, 0 take one away: no lean is shown.",
    );
  });
});

describe("the other endpoints", () => {
  test("health, readiness and version", async () => {
    const { app, traffic } = createTestService();
    expect(await (await app.request("/healthz")).json()).toEqual({ status: "ok" });
    expect(await (await app.request("/version")).json()).toMatchObject({
      name: "@hookline/shadow-report",
    });
    expect((await app.request("/readyz")).status).toBe(200);
    traffic.draining = true;
    const draining = await app.request("/readyz");
    expect([draining.status, draining.headers.get("connection")]).toEqual([503, "close"]);
  });

  test("404 and 405 are JSON, and no path becomes a label", async () => {
    const { app, metrics } = createTestService();
    const missing = await app.request("/secret");
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
    expect((await app.request("/metrics")).status).toBe(404);
    const wrong = await app.request("/reports");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
    await app.request("/healthz", { method: "PROPFIND" });
    const text = await metrics.registry.metrics();
    expect(text).toContain('{method="GET",route="unmatched",status="404"}');
    expect(text).toContain('method="other"');
    expect(text).not.toMatch(/secret|propfind/i);
  });
});
