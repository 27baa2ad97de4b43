import { describe, expect, test } from "bun:test";
import { Answer, BatchAnswer } from "../schemas.ts";
import { createTestApp } from "../testing/create-test-app.ts";
import { FakeModel } from "../testing/fake-model.ts";

const URL_TEXT = "http://paypal-login.example.net/verify?id=1";

describe("POST /predict/batch of JSON", () => {
  test("answers each in its place, the wrong ones with their error", async () => {
    const { post, readMetric } = createTestApp();
    const urls = [URL_TEXT, "", "http://a.example/\0", "x".repeat(2049), URL_TEXT];
    const response = await post("/predict/batch", { urls });
    expect(response.status).toBe(200);
    const { results } = BatchAnswer.parse(await response.json());
    expect(results.map((item) => ("error" in item ? item.error.code : "answer"))).toEqual([
      "answer",
      "NOT_A_URL",
      "NOT_A_URL",
      "NOT_A_URL",
      "answer",
    ]);
    const single = await (await post("/predict", { url: URL_TEXT })).json();
    expect(results.at(-1)).toEqual(Answer.parse(single));
    expect(await readMetric('model_errors_total{code="NOT_A_URL"}')).toBe(3);
    expect(await readMetric('requests_to_model_total{version="v1",mirrored="false"}')).toBe(3);
  });

  test("takes 1,000 URLs and leaves room for others", async () => {
    const model = new FakeModel();
    const { post } = createTestApp({ model, queueLimit: 64 });
    const batch = post("/predict/batch", { urls: Array(1000).fill(URL_TEXT) });
    const single = post("/predict", { url: URL_TEXT });
    expect((await single).status).toBe(200);
    const { results } = BatchAnswer.parse(await (await batch).json());
    expect(results).toHaveLength(1000);
    expect(results.filter((item) => "error" in item)).toEqual([]);
    expect(Math.max(...model.runs)).toBeLessThanOrEqual(32);
  });

  test("lets many batches wait for each other, and a lone request find room beside them", async () => {
    const { post } = createTestApp({ queueLimit: 64 });
    const urls = Array(200).fill(URL_TEXT);
    const batches = Array.from({ length: 10 }, () => post("/predict/batch", { urls }));
    const singles = Array.from({ length: 10 }, () => post("/predict", { url: URL_TEXT }));
    expect((await Promise.all(singles)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    for (const response of await Promise.all(batches)) {
      const { results } = BatchAnswer.parse(await response.json());
      expect(results.filter((item) => "error" in item)).toEqual([]);
    }
  });

  test("stops when its caller has left", async () => {
    const caller = new AbortController();
    const model = new FakeModel({ gate: async () => caller.abort() });
    const { app, readLog } = createTestApp({ model });
    const response = await app.request("/predict/batch", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ urls: Array(1000).fill(URL_TEXT) }),
      signal: caller.signal,
    });
    expect(response.status).toBe(400);
    expect(model.runs).toEqual([32]);
    expect(readLog()).toMatchObject([{ event: "request", status: 400, code: "MALFORMED" }]);
  });

  test("explains each when asked", async () => {
    const { post } = createTestApp();
    const urls = Array(100).fill(URL_TEXT);
    const response = await post("/predict/batch?explain=true", { urls });
    const { results } = BatchAnswer.parse(await response.json());
    expect(results.filter((item) => "explanation" in item)).toHaveLength(100);
  });

  test.each([
    ["no list", {}],
    ["an empty list", { urls: [] }],
    ["1,001 URLs", { urls: Array(1001).fill(URL_TEXT) }],
    ["a list with a number", { urls: [URL_TEXT, 1] }],
    ["an unknown field", { urls: [URL_TEXT], user: 1 }],
    ["broken JSON", "{"],
    ["no body", ""],
  ])("refuses %s", async (_, body) => {
    const { post } = createTestApp();
    const response = await post("/predict/batch", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "MALFORMED" } });
  });

  test("refuses more than 16 MB, and another type", async () => {
    const { post } = createTestApp();
    expect((await post("/predict/batch", "x".repeat(16_777_217))).status).toBe(413);
    const typed = await post("/predict/batch", "{}", { "content-type": "text/csv" });
    expect(typed.status).toBe(415);
  });
});
