import { describe, expect, test } from "bun:test";
import { wilsonInterval } from "@hookline/sequential-tests";
import { createTestService } from "./testing/create-test-service.ts";
import { makeReport } from "./testing/make-report.ts";

const PHISHING = { prediction: "Phishing", probability: 0.9 } as const;

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
        Legitimate: { Legitimate: 2, Unsure: 0, Phishing: 1 },
        Unsure: { Legitimate: 0, Unsure: 0, Phishing: 0 },
        Phishing: { Legitimate: 1, Unsure: 0, Phishing: 1 },
      },
      score: { mean: expect.closeTo((0.65 - 0.37) / 5), median: expect.any(Number) },
      latencyMs: {
        live: { p95: expect.closeTo(0.975) },
        mirror: { p95: expect.closeTo(4.6875) },
        difference: {
          mean: expect.closeTo(0.8),
          p5: expect.closeTo(-0.05 + (0.05 * 0.25) / 3, 5),
          p95: expect.closeTo(2.3125),
        },
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
