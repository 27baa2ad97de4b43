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

const NDJSON = { "content-type": "application/x-ndjson" };

async function readLines(response: Response) {
  return (await response.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("POST /predict/batch of NDJSON", () => {
  test("answers line by line, the wrong ones with their error", async () => {
    const { post } = createTestApp();
    const lines = [
      JSON.stringify(URL_TEXT),
      JSON.stringify({ url: URL_TEXT }),
      "",
      "  \r",
      "{",
      "1",
      '{"url":1}',
      '{"url":"a.example","user":1}',
      '"hello you"',
      `"${"x".repeat(20_000)}"`,
      JSON.stringify("http://b.example/é🦊"),
    ];
    const response = await post("/predict/batch", lines.join("\n"), NDJSON);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const answers = await readLines(response);
    expect(answers.map(({ error }) => error?.code ?? "answer")).toEqual([
      "answer",
      "answer",
      "MALFORMED",
      "MALFORMED",
      "MALFORMED",
      "MALFORMED",
      "NOT_A_URL",
      "TOO_LARGE",
      "answer",
    ]);
    expect(answers[0]).toEqual(answers[1]);
  });

  test("gives the same whatever the chunks of the body", async () => {
    const text = [URL_TEXT, "http://bücher.example/é🦊", "", "x y"]
      .map((url) => `${JSON.stringify(url)}\n`)
      .join("");
    const bytes = new TextEncoder().encode(text);
    const answers = await Promise.all(
      [1, 3, 7, 1000].map(async (size) => {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.slice(i * size, (i + 1) * size),
        );
        const { app } = createTestApp();
        const body = new ReadableStream({
          pull(controller) {
            const chunk = chunks.shift();
            return chunk === undefined ? controller.close() : controller.enqueue(chunk);
          },
        });
        const init = { method: "POST", headers: NDJSON, body };
        return await (await app.request("/predict/batch", init)).text();
      }),
    );
    expect(answers[0]?.trimEnd().split("\n")).toHaveLength(4);
    expect(new Set(answers).size).toBe(1);
  });

  test("takes any number of lines and holds few of them", async () => {
    const line = new TextEncoder().encode(`${JSON.stringify(URL_TEXT)}\n`.repeat(50));
    let sent = 0;
    let received = 0;
    let furthest = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent === 5000) {
          controller.close();
          return;
        }
        sent += 50;
        furthest = Math.max(furthest, sent - received);
        controller.enqueue(line);
      },
    });
    const { app } = createTestApp();
    const init = { method: "POST", headers: NDJSON, body };
    const response = await app.request("/predict/batch", init);
    for await (const chunk of response.body ?? []) {
      received += new TextDecoder().decode(chunk).split("\n").length - 1;
    }
    expect(received).toBe(5000);
    expect(furthest).toBeLessThan(500);
  }, 20_000);

  test("reads no further than its answers are taken", async () => {
    const line = new TextEncoder().encode(`${JSON.stringify(URL_TEXT)}\n`.repeat(32));
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent++;
        controller.enqueue(line);
      },
    });
    const { app } = createTestApp();
    const init = { method: "POST", headers: NDJSON, body };
    const reader = (await app.request("/predict/batch", init)).body?.getReader();
    await reader?.read();
    for (let turn = 0; turn < 200; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(10);
    await reader?.cancel();
  });

  test.each([1, 3, 7, 1000])(
    "refuses only the line that is not UTF-8, in chunks of %p",
    async (size) => {
      const bytes = Buffer.from('\uFEFF"a.example"\n"b.example/_"\n"c.example/é"\n"d.example/_"');
      const spoilt = bytes.map((byte) => (byte === 0x5f ? 0xc3 : byte));
      const { app } = createTestApp();
      let from = 0;
      const body = new ReadableStream({
        pull(controller) {
          controller.enqueue(spoilt.slice(from, from + size));
          from += size;
          if (from >= spoilt.length) controller.close();
        },
      });
      const init = { method: "POST", headers: NDJSON, body };
      const answers = await readLines(await app.request("/predict/batch", init));
      expect(answers.map(({ error }) => error?.message ?? "answer")).toEqual([
        "answer",
        "The line is not UTF-8",
        "answer",
        "The line is not UTF-8",
      ]);
    },
  );

  test("keeps no more of an endless line than shows that it is too long", async () => {
    const chunk = new TextEncoder().encode("x".repeat(100_000));
    let left = 200;
    const body = new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });
    const { app } = createTestApp();
    const init = { method: "POST", headers: NDJSON, body };
    const answers = await readLines(await app.request("/predict/batch", init));
    expect(answers).toMatchObject([{ error: { code: "TOO_LARGE" } }]);
  });

  test("ends with an error line when the body stalls", async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`"${URL_TEXT}"\n"http`)),
    });
    const { app } = createTestApp({ bodyTimeoutMs: 20 });
    const init = { method: "POST", headers: NDJSON, body };
    const answers = await readLines(await app.request("/predict/batch", init));
    expect(answers).toMatchObject([
      { prediction: expect.any(String) },
      { error: { code: "SLOW_BODY" } },
    ]);
  });

  test("tells of a failing model on a line, without its text, and in log and metrics", async () => {
    const model = new FakeModel({
      score() {
        throw new Error("the secret reason");
      },
    });
    const { post, readLog, readMetric } = createTestApp({ model });
    const answers = await readLines(await post("/predict/batch", `"${URL_TEXT}"`, NDJSON));
    expect(answers).toMatchObject([
      { error: { code: "INTERNAL", message: "Something went wrong on our side" } },
    ]);
    expect(readLog()).toContainEqual(
      expect.objectContaining({ event: "request-failed", cause: "the secret reason" }),
    );
    expect(await readMetric('model_errors_total{code="INTERNAL"}')).toBe(1);
  });

  test("stops reading when the caller goes away", async () => {
    const cancelled = Promise.withResolvers<void>();
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(`"${URL_TEXT}"\n`)),
      cancel: () => cancelled.resolve(),
    });
    const { app } = createTestApp();
    const init = { method: "POST", headers: NDJSON, body };
    const response = await app.request("/predict/batch", init);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await cancelled.promise;
    expect((await reader?.read())?.done).toBe(true);
  });

  test("has nothing to answer when there is no line", async () => {
    const { post } = createTestApp();
    const response = await post("/predict/batch", "\n\n", NDJSON);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});
