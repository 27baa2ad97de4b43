import { describe, expect, test } from "bun:test";
import { wilsonInterval } from "@hookline/sequential-tests";
import { createTestService } from "./testing/create-test-service.ts";
import { makeReport } from "./testing/make-report.ts";

const PHISHING = { prediction: "Phishing", probability: 0.9 } as const;

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

  test("count unsure as a verdict of its own", async () => {
    const { postPair, pass, readMetric, book, readReport } = createTestService();
    const unsure = { confidence: "unsure" } as const;
    const sure = { ...PHISHING, confidence: "sure" } as const;
    await postPair("r-1", "a.example", { live: unsure, mirror: sure });
    await postPair("r-2", "b.example", { live: unsure, mirror: { confidence: "sure" } });
    await postPair("r-3", "c.example", { live: unsure, mirror: unsure });
    pass(10_000);
    book.settle();
    const pairs = (mirror: string, agreed: boolean) =>
      readMetric(`shadow_pairs_total{live="unsure",mirror="${mirror}",agreed="${agreed}"}`);
    expect(await pairs("phishing", false)).toBe(1);
    expect(await pairs("legitimate", false)).toBe(1);
    expect(await pairs("unsure", true)).toBe(1);
    expect(await readMetric('shadow_agreement_ratio{bound="estimate"}')).toBeCloseTo(1 / 3, 10);
    const { verdict } = await readReport();
    // From unsure to phishing is a warning that was not there; to legitimate none.
    expect([verdict.newWarnings.hits, verdict.lostWarnings.hits]).toEqual([1, 0]);
  });

  test("tell no number that is none, also when there is nothing", async () => {
    const { metrics } = createTestService();
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/NaN|undefined/);
    expect(text).toContain('shadow_verdict{verdict="keep_watching"} 1');
    expect(text).not.toContain("shadow_agreement_ratio{");
  });
});
