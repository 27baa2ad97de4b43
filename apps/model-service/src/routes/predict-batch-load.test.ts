import { expect, test } from "bun:test";
import { BatchAnswer } from "../schemas.ts";
import { createTestApp } from "../testing/create-test-app.ts";
import { FakeModel } from "../testing/fake-model.ts";

const URL_TEXT = "http://paypal-login.example.net/verify?id=1";
const LARGE = 16 * 1024 * 1024;

test("explains every URL of many batches at once", async () => {
  const { post } = createTestApp();
  const urls = Array(4).fill(URL_TEXT);
  const batches = Array.from({ length: 100 }, () => post("/predict/batch?explain=true", { urls }));
  for (const response of await Promise.all(batches)) {
    const { results } = BatchAnswer.parse(await response.json());
    expect(results.filter((item) => "explanation" in item)).toHaveLength(4);
  }
});

test.each([
  ["of a known length", { "content-length": String(LARGE) }],
  ["in chunks", {}],
])("refuses a large body %s while others hold what memory is there for", async (_, length) => {
  const { app, post } = createTestApp();
  const callers: ReadableStreamDefaultController[] = [];
  const send = () => {
    const body = new ReadableStream({
      start(controller) {
        callers.push(controller);
        controller.enqueue(new Uint8Array(LARGE - 2).fill(0x20));
      },
    });
    const headers = { "content-type": "application/json", ...length };
    return app.request("/predict/batch", { method: "POST", headers, body });
  };
  const urls = { urls: [URL_TEXT] };
  const held = [send(), send()];
  const knock = () => post("/predict/batch", " ".repeat(10_000));
  let refused = await knock();
  // Until the two are read as far as they have come.
  while (refused.status === 400) refused = await knock();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await refused.json()).toMatchObject({ error: { code: "OVERLOADED" } });
  // What is small is taken all the same.
  expect((await post("/predict/batch", urls)).status).toBe(200);
  for (const caller of callers) {
    caller.enqueue(new TextEncoder().encode("{}"));
    caller.close();
  }
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual([400, 400]);
  expect((await post("/predict/batch", JSON.stringify(urls).padEnd(10_000))).status).toBe(200);
});

test("refuses a large batch while the URLs of others, which were read, wait for the model", async () => {
  const gate = Promise.withResolvers<void>();
  const model = new FakeModel({ gate: () => gate.promise });
  const { post, queue } = createTestApp({ model });
  const send = () => post("/predict/batch", JSON.stringify({ urls: [URL_TEXT] }).padEnd(LARGE));
  const arrived = () => model.runs.length + queue.length;
  const held: Promise<Response>[] = [];
  while (held.length < 2) {
    held.push(send());
    while (arrived() < held.length) await Bun.sleep(1);
  }
  const one = send();
  const answered = one.then(() => true);
  while (arrived() === 2 && !(await Promise.race([answered, Bun.sleep(1)])));
  gate.resolve();
  expect((await one).status).toBe(503);
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await send()).status).toBe(200);
});
