import { describe, expect, test } from "bun:test";
import { Answer } from "../schemas.ts";
import { createTestApp } from "../testing/create-test-app.ts";
import { FakeModel } from "../testing/fake-model.ts";

const URL_TEXT = "http://paypal-login.example.net/verify?id=1";

describe("POST /predict", () => {
  test("answers with all that the schema promises", async () => {
    const { post } = createTestApp();
    const response = await post("/predict", { url: URL_TEXT });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const answer = Answer.parse(await response.json());
    expect(answer.model).toEqual({ name: "linear", version: "1.0.0" });
    expect(answer.explanation).toBeUndefined();
    expect(answer.atBaseRate.map(({ baseRate }) => baseRate)).toEqual([0.01, 0.001]);
  });

  test.each([
    [2, "Phishing", "sure"],
    [0.41, "Phishing", "sure"],
    [0.4, "Legitimate", "unsure"],
    [-0.4, "Legitimate", "unsure"],
    [-0.41, "Legitimate", "sure"],
  ] as const)("calls a logit of %p %s and %s", async (logit, prediction, confidence) => {
    const { post } = createTestApp({ model: new FakeModel({ score: () => logit }) });
    const response = await post("/predict", { url: URL_TEXT });
    expect(await response.json()).toMatchObject({ prediction, confidence, decidedBy: "model" });
  });

  test.each([
    ["https://www.bit.ly/3xYz12", "unsure", "shortener-rule"],
    ["https://eur01.safelinks.protection.outlook.com/?url=x", "unsure", "shortener-rule"],
    ["https://aka.ms/abc", "unsure", "shortener-rule"],
    ["https://www.google.com/url?q=https://example.net/", "unsure", "shortener-rule"],
    ["https://bit.ly/", "sure", "model"],
    ["https://bit.ly.example.net/3xYz12", "sure", "model"],
    ["http://192.168.1.1/login", "unsure", "private-host-rule"],
    ["http://localhost:3000/", "unsure", "private-host-rule"],
    ["http://localhost:3000/admin", "unsure", "private-host-rule"],
    ["http://wiki.corp/", "unsure", "private-host-rule"],
    ["http://8.8.8.8/login", "sure", "model"],
  ] as const)("is %s sure: %s, by %s", async (url, confidence, decidedBy) => {
    const { post } = createTestApp({ model: new FakeModel({ score: () => 2 }) });
    expect(await (await post("/predict", { url })).json()).toMatchObject({ confidence, decidedBy });
  });

  test.each([
    ["(https://example.org/a_(b)),"],
    ["„https://example.org/a_(b)“"],
    ["**https://example.org/a_(b)**!"],
  ])("judges %s as the link in it, and explains it where it stands", async (url) => {
    const { post } = createTestApp();
    const plain = Answer.parse(
      await (await post("/predict?explain=true", { url: "https://example.org/a_(b)" })).json(),
    );
    const answer = Answer.parse(await (await post("/predict?explain=true", { url })).json());
    const at = url.indexOf("https");
    const parts = plain.explanation?.parts.map((part) => ({
      ...part,
      start: part.start + at,
      end: part.end + at,
    }));
    expect(answer.probability).toBe(plain.probability);
    expect(answer.explanation?.parts).toEqual(parts);
  });

  test("takes a charset behind the content-type", async () => {
    const { post } = createTestApp();
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await post("/predict", { url: URL_TEXT }, headers)).status).toBe(200);
  });

  const long = (length: number) => `http://example.org/${"a".repeat(length - 19)}`;
  test("takes 2,048 characters", async () => {
    const { post } = createTestApp();
    expect((await post("/predict", { url: long(2048) })).status).toBe(200);
  });

  test.each([
    ["no body", "", 400, "MALFORMED"],
    ["broken JSON", '{"url":', 400, "MALFORMED"],
    ["text behind the JSON", '{"url":"http://a.example"} {}', 400, "MALFORMED"],
    ["null", "null", 400, "MALFORMED"],
    ["a string", '"http://example.org"', 400, "MALFORMED"],
    ["an array", "[]", 400, "MALFORMED"],
    ["a missing url", {}, 400, "MALFORMED"],
    ["a url that is a number", { url: 1 }, 400, "MALFORMED"],
    ["a url that is null", { url: null }, 400, "MALFORMED"],
    ["a url that is a list", { url: [URL_TEXT] }, 400, "MALFORMED"],
    ["an unknown field", { url: URL_TEXT, user: 1 }, 400, "MALFORMED"],
    ["a field named __proto__", `{"url":"${URL_TEXT}","__proto__":{}}`, 400, "MALFORMED"],
    ["an empty url", { url: "" }, 422, "NOT_A_URL"],
    ["a blank url", { url: " \t\n " }, 422, "NOT_A_URL"],
    ["2,049 characters", { url: long(2049) }, 422, "NOT_A_URL"],
    ["a NUL", { url: "http://example.org/\0" }, 422, "NOT_A_URL"],
    ["half a surrogate pair", '{"url":"http://example.org/\\ud800"}', 422, "NOT_A_URL"],
    ["no URL at all", { url: "hello world, how are you" }, 422, "NOT_A_URL"],
    ["another scheme", { url: "javascript:alert(1)" }, 422, "NOT_A_URL"],
    ["a mail address", { url: " service@paypal.example " }, 422, "NOT_A_URL"],
    ["10 MB", { url: "a".repeat(10_000_000) }, 413, "TOO_LARGE"],
    ["10 MB of nesting", "[".repeat(10_000_000), 413, "TOO_LARGE"],
    ["64 KB of nesting", "[".repeat(65_000), 400, "MALFORMED"],
  ])("refuses %s", async (_, body, status, code) => {
    const { post, readMetric } = createTestApp();
    const response = await post("/predict", body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { code, message: expect.any(String) } });
    expect(await readMetric(`model_errors_total{code="${code}"}`)).toBe(1);
    expect(await readMetric("requests_to_model_total")).toBeNaN();
  });

  test.each([
    ["none", undefined],
    ["a form", "application/x-www-form-urlencoded"],
    ["text", "text/plain"],
    ["NDJSON", "application/x-ndjson"],
  ])("refuses a content-type of %s", async (_, type) => {
    const { app } = createTestApp();
    const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
    const body = new TextEncoder().encode("{}");
    const response = await app.request("/predict", { method: "POST", headers, body });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { code: "WRONG_TYPE" } });
  });

  test("refuses a body that was packed, and takes one that says it was not", async () => {
    const { post } = createTestApp();
    const packed = await post("/predict", "{}", { "content-encoding": "gzip" });
    expect(packed.status).toBe(415);
    expect(await packed.json()).toMatchObject({ error: { code: "WRONG_TYPE" } });
    const plain = await post("/predict", { url: URL_TEXT }, { "content-encoding": "identity" });
    expect(plain.status).toBe(200);
  });

  test("refuses an announced length before it reads", async () => {
    const { post } = createTestApp();
    const response = await post("/predict", "{}", { "content-length": "10000000" });
    expect(response.status).toBe(413);
    expect(response.headers.get("connection")).toBe("close");
  });

  test("refuses a body that does not end in time", async () => {
    const { app } = createTestApp({ bodyTimeoutMs: 20 });
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"url"')),
    });
    const headers = { "content-type": "application/json" };
    const response = await app.request("/predict", { method: "POST", headers, body });
    expect(response.status).toBe(408);
    expect(await response.json()).toMatchObject({ error: { code: "SLOW_BODY" } });
  });

  test("counts a caller who hangs up within the body as no fault of ours", async () => {
    const { app, readLog } = createTestApp();
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error("The connection was closed."));
      },
    });
    const headers = { "content-type": "application/json" };
    const response = await app.request("/predict", { method: "POST", headers, body });
    expect(response.status).toBe(400);
    expect(readLog().map(({ level, code }) => [level, code])).toEqual([["info", "MALFORMED"]]);
  });

  test.each([
    ["a number", { url: 1 }, "url is wrong: Invalid input: expected string, received number"],
    ["no url", {}, "url is wrong: Invalid input: expected string, received undefined"],
    ["a list", [], "body is wrong: Invalid input: expected object, received array"],
    ["another field", { url: URL_TEXT, user: 1 }, 'body is wrong: Unrecognized key: "user"'],
    ["no text", { url: "" }, "url is wrong: it is empty"],
    ["a long text", { url: long(2049) }, "url is wrong: it has more than 2048 characters"],
  ])("says what is wrong with %s", async (_, body, message) => {
    const { post } = createTestApp();
    const response = await post("/predict", body);
    expect(await response.json()).toMatchObject({ error: { message: `The ${message}` } });
  });

  const ways = [
    ["with a length", { "content-length": "28" }],
    ["in chunks", {}],
  ] as const;
  const bytes = (...middle: readonly number[]) =>
    Buffer.from([...Buffer.from('{"url":"http://a.example/'), ...middle, ...Buffer.from('"}')]);
  test.each(
    ways.flatMap(([way, length]) => [
      ["a byte that is no UTF-8", 400, way, bytes(0xff), length] as const,
      ["three bytes of four", 400, way, bytes(0xf0, 0x9f, 0x98), length] as const,
      [
        "U+FFFD, which stands for lost bytes",
        400,
        way,
        Buffer.from('{"url":"a.example/\uFFFD"}'),
        length,
      ] as const,
      ["U+FFFD escaped", 200, way, Buffer.from('{"url":"a.example/\\ufffd"}'), length] as const,
      [
        "other letters",
        200,
        way,
        Buffer.from('{"url":"a.example/\u00e9\u{1f600}"}'),
        length,
      ] as const,
    ]),
  )("answers a body with %s: %p, sent %s", async (_, status, __, body, length) => {
    const { app } = createTestApp();
    const headers = { "content-type": "application/json", ...length };
    const response = await app.request("/predict", { method: "POST", headers, body });
    expect(response.status).toBe(status);
    const expected = status === 400 ? { error: { code: "MALFORMED" } } : { threshold: 0.6 };
    expect(await response.json()).toMatchObject(expected);
  });

  test("refuses another value of explain than true and false", async () => {
    const { post } = createTestApp();
    expect((await post("/predict?explain=perhaps", { url: URL_TEXT })).status).toBe(400);
    const plain = await post("/predict?explain=false", { url: URL_TEXT });
    expect(await plain.json()).not.toHaveProperty("explanation");
  });

  test("says 503 and when to come back while there is no model", async () => {
    const { post } = createTestApp({ model: undefined });
    for (const query of ["", "?explain=true"]) {
      const response = await post(`/predict${query}`, { url: URL_TEXT });
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("1");
      expect(await response.json()).toMatchObject({ error: { code: "NOT_READY" } });
    }
  });

  test("says 503 when too many wait, and answers the others", async () => {
    const { post } = createTestApp({ queueLimit: 3 });
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => post("/predict", { url: URL_TEXT })),
    );
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    const refused = responses.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(7);
    expect(refused.map(({ headers }) => headers.get("retry-after"))).toEqual(Array(7).fill("1"));
  });

  test("refuses explanations beyond its limit and recovers", async () => {
    const { post } = createTestApp();
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => post("/predict?explain=true", { url: URL_TEXT })),
    );
    expect(responses.filter(({ status }) => status === 503)).toHaveLength(36);
    expect((await post("/predict?explain=true", { url: URL_TEXT })).status).toBe(200);
  });

  test("tells a failing model as 500 without its text, and logs the cause", async () => {
    const failing = () => {
      throw new Error("secret place");
    };
    const { post, readLog } = createTestApp({ model: new FakeModel({ score: failing }) });
    const response = await post("/predict", { url: URL_TEXT });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret place");
    expect(readLog()).toContainEqual(
      expect.objectContaining({ event: "request-failed", cause: "secret place" }),
    );
  });
});
