import { describe, expect, test } from "bun:test";
import { createMetrics } from "./metrics.ts";
import { createTestApp } from "./testing/create-test-app.ts";
import { FakeModel } from "./testing/fake-model.ts";

const LIVE = '{version="v1",mirrored="false"}';
const MIRRORED = '{version="v1",mirrored="true"}';

/** A model whose verdict is in the URL, by the number of its features. */
function createSwitch() {
  let logit = 5;
  const model = new FakeModel({ score: () => logit });
  return {
    ...createTestApp({ model }),
    setLogit(value: number) {
      logit = value;
    },
  };
}

describe("metrics", () => {
  test("S24 to S26: requests, detections and a rate that falls again", async () => {
    const { post, setLogit, readMetric } = createSwitch();
    await post("/predict", { url: "a.example" });
    expect(await readMetric(`requests_to_model_total${LIVE}`)).toBe(1);
    expect(await readMetric(`model_phishing_detection_total${LIVE}`)).toBe(1);
    expect(await readMetric(`model_phishing_rate${LIVE}`)).toBe(100);
    setLogit(-5);
    await post("/predict", { url: "a.example" });
    expect(await readMetric(`model_phishing_rate${LIVE}`)).toBe(50);
    await post("/predict/batch", { urls: ["a.example", "b.example"] });
    expect(await readMetric(`requests_to_model_total${LIVE}`)).toBe(4);
    expect(await readMetric(`model_phishing_detection_total${LIVE}`)).toBe(1);
    expect(await readMetric(`model_phishing_rate${LIVE}`)).toBe(25);
  });

  test.each([
    ["model-service-shadow", MIRRORED],
    ["model-service-shadow:8081", MIRRORED],
    ["model-service.ns.svc", LIVE],
    ["shadow-of.example", LIVE],
  ])("a request to the host %s counts as %s", async (host, labels) => {
    const { post, readMetric } = createSwitch();
    await post("/predict", { url: "a.example" }, { host });
    expect(await readMetric(`requests_to_model_total${labels}`)).toBe(1);
  });

  test("counts verdicts, scores, lengths, runs and requests", async () => {
    const { post, setLogit, readMetric } = createSwitch();
    await post("/predict", { url: "a.example" });
    setLogit(0);
    await post("/predict", { url: "https://example.org/a/long/path" });
    const verdict = (name: string) =>
      `model_answers_total{version="v1",mirrored="false",verdict="${name}",decided_by="model"}`;
    expect(await readMetric(verdict("phishing"))).toBe(1);
    expect(await readMetric(verdict("unsure"))).toBe(1);
    expect(
      await readMetric('model_probability_bucket{le="0.5",version="v1",mirrored="false"}'),
    ).toBe(1);
    expect(
      await readMetric('model_url_characters_bucket{le="9",version="v1",mirrored="false"}'),
    ).toBe(1);
    expect(await readMetric("model_run_urls_count")).toBe(2);
    expect(
      await readMetric('model_http_requests_total{route="/predict",method="POST",status="200"}'),
    ).toBe(2);
    expect(await readMetric('model_http_request_duration_seconds_count{route="/predict"}')).toBe(2);
    expect(await readMetric("model_queue_urls")).toBe(0);
  });

  test("never has a path or a method of a caller as a label", async () => {
    const { app, metrics } = createTestApp();
    await app.request("/secret/path", { method: "PATCH" });
    metrics.responded({ route: "none", method: "SECRET", status: 404 }, 0);
    const text = await (await metrics.readRegistry()).metrics();
    expect(text).toContain('{route="none",method="other",status="404"} 1');
    expect(text).not.toMatch(/secret/i);
  });

  test("describe() tells the model and the reference of its card, and forgets the one before", async () => {
    const { metrics, readMetric } = createTestApp();
    metrics.describe(new FakeModel());
    metrics.describe(new FakeModel({ card: { version: "2.1.0", sha256: "a".repeat(64) } }));
    const text = await (await metrics.readRegistry()).metrics();
    expect(text).toContain('model_info{version="v2",name="linear",model_version="2.1.0"');
    expect(text).not.toContain('version="v1"');
    expect(await readMetric('model_created_timestamp_seconds{version="v2"}')).toBe(1_767_225_600);
    const share = (of: string, le: string) =>
      readMetric(`model_reference_share{version="v2",of="${of}",le="${le}"}`);
    expect(await share("probability", "0.5")).toBe(0.5);
    expect(await share("probability", "1")).toBe(1);
    expect(await share("length", "19")).toBe(0.5);
  });

  test("tells of the process, unless it is told not to", async () => {
    for (const process of [true, false]) {
      const metrics = createMetrics({ queueLength: () => 0, isReady: () => true, process });
      const text = await (await metrics.readRegistry()).metrics();
      expect(text.includes("process_resident_memory_bytes")).toBe(process);
    }
  });
});
