import { describe, expect, test } from "bun:test";
import { createTestApp } from "../testing/create-test-app.ts";
import { FakeModel } from "../testing/fake-model.ts";

const URL_TEXT = "http://paypal-login.example.net/verify?id=1";
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
  }, 120_000);

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

  test("answers 16 bodies at a time, and the next once one has ended or its caller has left", async () => {
    const { app, post } = createTestApp();
    const line = new TextEncoder().encode(`"${URL_TEXT}"\n`);
    let isOver = false;
    const open = async () => {
      const body = new ReadableStream({
        pull: (controller) => (isOver ? controller.close() : controller.enqueue(line)),
      });
      return await app.request("/predict/batch", { method: "POST", headers: NDJSON, body });
    };
    const ask = async () => {
      const response = await post("/predict/batch", `"${URL_TEXT}"`, NDJSON);
      await response.text();
      return [response.status, response.headers.get("retry-after")];
    };
    const responses = await Promise.all(Array.from({ length: 16 }, open));
    expect(await ask()).toEqual([503, "1"]);
    await responses[0]?.body?.cancel();
    expect(await ask()).toEqual([200, null]);
    expect(await ask()).toEqual([200, null]);
    const last = await open();
    expect(await ask()).toEqual([503, "1"]);
    isOver = true;
    await last.text();
    expect(await ask()).toEqual([200, null]);
  });

  test("has nothing to answer when there is no line", async () => {
    const { post } = createTestApp();
    const response = await post("/predict/batch", "\n\n", NDJSON);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});
