import { describe, expect, test } from "bun:test";
import { wilsonInterval } from "@hookline/sequential-tests";
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
    ["an unknown field", { reports: [{ ...report, user: "ann" }] }, 422, "NOT_REPORTS"],
    ["a role", { reports: [{ ...report, role: "shadow" }] }, 422, "NOT_REPORTS"],
    ["a probability above 1", { reports: [{ ...report, probability: 1.1 }] }, 422, "NOT_REPORTS"],
    ["a negative time", { reports: [{ ...report, latencyMs: -1 }] }, 422, "NOT_REPORTS"],
    ["an id with a line end", { reports: [{ ...report, requestId: "a\nb" }] }, 422, "NOT_REPORTS"],
    ["a long URL", { reports: [{ ...report, url: "a".repeat(601) }] }, 422, "NOT_REPORTS"],
    ["a model with a quote", { reports: [{ ...report, version: 'v"1' }] }, 422, "NOT_REPORTS"],
    [
      "a weight that is none",
      `{"reports":[${JSON.stringify(report).replace("}", ',"explanation":{"method":"exact","parts":[{"text":"a","weight":1e999}]}}')}]}`,
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

describe("GET /api/report", () => {
  test("tells that there is nothing, and what waits in vain", async () => {
    const { post, pass, readReport, book } = createTestService();
    expect<unknown>(await readReport("5m")).toEqual({
      window: "5m",
      models: null,
      pairs: 0,
      unpaired: { live: 0, mirror: 0 },
    });
    await post({ reports: [makeReport(), makeReport({ requestId: "r-2", role: "mirror" })] });
    pass(10_000);
    book.settle();
    expect(await readReport()).toMatchObject({ unpaired: { share: 1, live: 1, mirror: 1 } });
  });

  test("tells what was sent, as counted by hand", async () => {
    const { postPair, post, pass, readReport } = createTestService({ WATCH_MINUTES: "0" });
    await postPair("r-1", "a.example", { live: { latencyMs: 1 }, mirror: { latencyMs: 3 } });
    await postPair("r-2", "b.example", { live: { latencyMs: 1 }, mirror: { latencyMs: 3 } });
    await postPair("r-3", "c.example", { live: PHISHING, mirror: PHISHING });
    await postPair("r-4", "d.example", { mirror: PHISHING });
    await postPair("r-5", "e.example", { live: { ...PHISHING, probability: 0.62 } });
    await post({ reports: [makeReport({ requestId: "r-6" })] });
    await postPair("r-7", "f.example", { mirror: { url: "g.example" } });
    pass(10_000);
    const report = await readReport();
    expect(report).toMatchObject({
      window: "1h",
      models: {
        live: { name: "linear", version: "1.0.0", label: "v1" },
        mirror: { name: "wide-bag", version: "2.0.0", label: "v2" },
      },
      pairs: 5,
      agreement: { agreed: 3, share: 0.6, interval: wilsonInterval(3, 5) },
      confusion: {
        Legitimate: { Legitimate: 2, Phishing: 1 },
        Phishing: { Legitimate: 1, Phishing: 1 },
      },
      score: { mean: expect.closeTo((0.65 - 0.37) / 5), median: expect.any(Number) },
      latencyMs: {
        live: { p95: expect.closeTo(0.975) },
        mirror: { p95: expect.closeTo(4.6875) },
        difference: { mean: expect.closeTo(0.8) },
      },
      unpaired: { share: expect.closeTo(1 / 6), live: 1, mirror: 0 },
      notCounted: { conflicting: 1, evicted: 0 },
      differences: [
        { url: "d.example", times: 1, live: { probability: 0.25 }, mirror: PHISHING },
        { url: "e.example", live: { prediction: "Phishing" } },
      ],
      verdict: { verdict: "keep watching", urls: 5, lean: { newWarnings: 1, lostWarnings: 1 } },
    });
    const deviation = Math.sqrt((0.65 ** 2 + 0.37 ** 2) / 5 - 0.056 ** 2);
    expect(report.score.standardDeviation).toBeCloseTo(deviation, 12);
    expect(report.score.steps.filter(({ count }) => count > 0)).toEqual([
      { from: -0.4, to: -0.35, count: 1 },
      { from: -0.05, to: 0, count: 3 },
      { from: 0.6, to: 0.65, count: 1 },
    ]);
  });

  test("forgets what is older than the window, but not the verdict", async () => {
    const { postPair, pass, readReport } = createTestService();
    await postPair("r-1", "a.example");
    pass(10_000);
    expect(await readReport("5m")).toMatchObject({ pairs: 1 });
    pass(6 * 60_000);
    expect(await readReport("5m")).toMatchObject({ pairs: 0, verdict: { urls: 1 } });
    expect(await readReport("15m")).toMatchObject({ pairs: 1 });
    pass(24 * 3_600_000);
    expect(await readReport("24h")).toMatchObject({ pairs: 0, verdict: { urls: 1 } });
  });

  async function send(
    service: ReturnType<typeof createTestService>,
    { count, differ }: { count: number; differ: number },
  ): Promise<void> {
    for (let i = 0; i < count; i++) {
      const halves = i < differ ? { mirror: PHISHING } : {};
      await service.postPair(`r-${i}`, `site-${i}.example`, halves);
    }
    service.pass(10_000);
  }

  test.each([
    ["promotes two models that agree", 400, 0, "0", "promote"],
    ["waits its time", 400, 0, "60", "keep watching"],
    ["has seen too little", 100, 0, "0", "keep watching"],
    ["rejects many new warnings", 100, 20, "60", "reject"],
  ])("%s", async (_, count, differ, WATCH_MINUTES, verdict) => {
    const service = createTestService({ WATCH_MINUTES });
    await send(service, { count, differ });
    expect(await service.readReport()).toMatchObject({ verdict: { verdict } });
    for (const word of ["promote", "keep_watching", "reject"]) {
      const metric = `shadow_verdict{verdict="${word}"}`;
      expect(await service.readMetric(metric)).toBe(word === verdict.replace(" ", "_") ? 1 : 0);
    }
  });

  test("puts a promote off while many requests have one report only", async () => {
    const service = createTestService({ WATCH_MINUTES: "0" });
    const alone = Array.from({ length: 40 }, (_, i) => makeReport({ requestId: `alone-${i}` }));
    await service.post({ reports: alone });
    await send(service, { count: 400, differ: 0 });
    const { verdict } = await service.readReport();
    expect(verdict.verdict).toBe("keep watching");
    expect(verdict.reasons).toEqual([expect.stringContaining("9.09 % of the requests")]);
  });

  test("one visitor who repeats one URL cannot bring a verdict about", async () => {
    const service = createTestService({ WATCH_MINUTES: "0" });
    for (let i = 0; i < 500; i++) {
      await service.postPair(`r-${i}`, "same.example", { mirror: PHISHING });
    }
    service.pass(10_000);
    expect(await service.readReport()).toMatchObject({
      pairs: 500,
      verdict: { verdict: "keep watching", urls: 1 },
    });
  });

  test.each(["", "2h", "constructor", "1H"])("refuses the window %p", async (window) => {
    const { app } = createTestService();
    for (const path of ["/api/report", "/"]) {
      const response = await app.request(`${path}?window=${window}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { message: "The window must be one of 5m, 15m, 1h, 6h, 24h" },
      });
    }
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

  test("says so when there is nothing to compare", async () => {
    const { app } = createTestService();
    expect(await (await app.request("/")).text()).toContain("Nothing to compare yet");
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

describe("metrics", () => {
  test("count reports, requests, pairs and what the window comes to", async () => {
    const { postPair, post, pass, readMetric, book, metricsApp } = createTestService();
    await postPair("r-1", "a.example");
    await postPair("r-2", "b.example", { mirror: PHISHING });
    await post({
      reports: [makeReport({ requestId: "r-3", latencyMs: 40 }), makeReport({ requestId: "r-3" })],
    });
    expect(await readMetric("shadow_pending_requests")).toBe(3);
    pass(10_000);
    book.settle();
    expect(await readMetric('shadow_reports_total{role="live"}')).toBe(4);
    expect(await readMetric('shadow_reports_total{role="mirror"}')).toBe(2);
    expect(await readMetric("shadow_repeated_reports_total")).toBe(1);
    expect(await readMetric('shadow_requests_total{outcome="paired"}')).toBe(2);
    expect(await readMetric('shadow_requests_total{outcome="live-only"}')).toBe(1);
    const pairs = (live: string, mirror: string, agreed: boolean) =>
      readMetric(`shadow_pairs_total{live="${live}",mirror="${mirror}",agreed="${agreed}"}`);
    expect(await pairs("legitimate", "legitimate", true)).toBe(1);
    expect(await pairs("legitimate", "phishing", false)).toBe(1);
    expect(await pairs("phishing", "legitimate", false)).toBe(0);
    expect(await readMetric('shadow_score_difference_bucket{le="0.001"}')).toBe(1);
    expect(await readMetric("shadow_score_difference_count")).toBe(2);
    expect(await readMetric('shadow_latency_seconds_bucket{le="0.025",role="live"}')).toBe(3);
    const agreement = (bound: string) => readMetric(`shadow_agreement_ratio{bound="${bound}"}`);
    expect(await agreement("estimate")).toBe(0.5);
    expect(await agreement("low")).toBeCloseTo(wilsonInterval(1, 2).low, 10);
    expect(await agreement("high")).toBeCloseTo(wilsonInterval(1, 2).high, 10);
    expect(await readMetric('shadow_test_log_ratio{test="new_warnings"}')).toBeGreaterThan(0.6);
    expect((await metricsApp.request("/metrics")).status).toBe(200);
    expect((await metricsApp.request("/")).status).toBe(404);
  });

  test("tell no number that is none, also when there is nothing", async () => {
    const { metrics } = createTestService();
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/NaN|undefined/);
    expect(text).toContain('shadow_verdict{verdict="keep_watching"} 1');
    expect(text).not.toContain("shadow_agreement_ratio{");
  });
});
