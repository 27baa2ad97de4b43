import { describe, expect, test } from "bun:test";
import { createTestApp } from "./testing/create-test-app.ts";

const BODY = { url: "http://user:pw@shop.example/private/path?token=secret" };

describe("createApp()", () => {
  test.each([
    ["GET", "/predict", "POST"],
    ["PUT", "/predict", "POST"],
    ["OPTIONS", "/predict/batch", "POST"],
    ["POST", "/healthz", "GET, HEAD"],
    ["DELETE", "/openapi.json", "GET, HEAD"],
  ])("refuses %s %s and says what is taken", async (method, path, allow) => {
    const { app } = createTestApp();
    const response = await app.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED" } });
  });

  test.each(["/", "/metrics", "/predict/", "/nothing", "/%00", "/%ff"])(
    "has nothing at %s and says so in JSON",
    async (path) => {
      const { app } = createTestApp();
      const response = await app.request(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        error: { code: "NOT_FOUND", message: "There is nothing at this address" },
      });
    },
  );

  test.each([
    ["/predict", 200],
    ["/nothing", 404],
  ])("echoes and logs the request id at %s", async (path, status) => {
    const { post, readLog } = createTestApp();
    const response = await post(path, BODY, { "x-request-id": "id-1.a:b" });
    expect(response.headers.get("x-request-id")).toBe("id-1.a:b");
    expect(readLog()).toContainEqual(
      expect.objectContaining({ event: "request", requestId: "id-1.a:b", status }),
    );
  });

  test.each(["", 'a"b', "x".repeat(129), "a b"])("gives a new id in place of %p", async (given) => {
    const { post } = createTestApp();
    const ids = await Promise.all(
      [1, 2].map(async () =>
        (await post("/predict", BODY, { "x-request-id": given })).headers.get("x-request-id"),
      ),
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain(given);
  });

  test("keeps URLs, which may hold personal data, out of its log", async () => {
    const { post, app, readLog } = createTestApp();
    await post("/predict", BODY);
    await post("/predict", { url: `${BODY.url}\0` });
    await post("/predict/batch", { urls: [BODY.url] });
    await app.request("/nothing/secret?token=secret");
    const text = JSON.stringify(readLog());
    expect(text).toContain('"route":"/predict"');
    expect(text).not.toMatch(/secret|shop\.example|private/);
  });

  test("logs probes only for those who debug", async () => {
    const { app, readLog } = createTestApp();
    await app.request("/readyz");
    await app.request("/version");
    expect(readLog().map(({ level, route }) => [level, route])).toEqual([
      ["debug", "/readyz"],
      ["info", "/version"],
    ]);
  });

  test("logs method and status of each request, not those of the one before", async () => {
    const { app, readLog, traffic } = createTestApp();
    await app.request("/readyz");
    traffic.draining = true;
    await app.request("/readyz");
    await app.request("/readyz", { method: "HEAD" });
    expect(readLog().map(({ method, status }) => [method, status])).toEqual([
      ["GET", 200],
      ["GET", 503],
      ["HEAD", 503],
    ]);
  });

  test("asks callers to go elsewhere while it drains", async () => {
    const { app, post, traffic } = createTestApp();
    expect((await app.request("/readyz")).status).toBe(200);
    traffic.draining = true;
    expect((await app.request("/readyz")).status).toBe(503);
    const response = await post("/predict", BODY);
    expect(response.status).toBe(200);
    expect(response.headers.get("connection")).toBe("close");
  });

  test("is ready only with a model, and alive without", async () => {
    const { app } = createTestApp({ model: undefined });
    expect((await app.request("/readyz")).status).toBe(503);
    expect((await app.request("/healthz")).status).toBe(200);
    expect(await (await app.request("/version")).json()).toEqual({
      name: "@hookline/model-service",
      version: "9.8.7",
      revision: "abc",
      model: null,
    });
  });

  test("answers HEAD like GET, without a body", async () => {
    const { app } = createTestApp();
    const response = await app.request("/version", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    const { length } = await (await app.request("/version")).bytes();
    expect(response.headers.get("content-length")).toBe(String(length));
  });
});
