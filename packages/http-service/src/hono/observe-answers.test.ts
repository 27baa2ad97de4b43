import { describe, expect, test } from "bun:test";
import { Hono } from "hono";
import { type HttpAnswer, observeAnswers } from "./observe-answers.ts";

function createSubject() {
  const traffic = { draining: false };
  const answers: HttpAnswer[] = [];
  const app = new Hono();
  app.use(
    observeAnswers({
      isDraining: () => traffic.draining,
      record: (answer) => answers.push(answer),
    }),
  );
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.post("/things/:name", (c) => {
    c.header("cache-control", "max-age=60");
    return c.text(c.req.param("name"));
  });
  return { app, answers, traffic };
}

const POST = { method: "POST" };

describe("observeAnswers()", () => {
  test("counts by pattern and known method, never by what a caller chose", async () => {
    const { app, answers } = createSubject();
    const begun = performance.now();
    await app.request("/things/secret", POST);
    const most = (performance.now() - begun) / 1000;
    await app.request("/secret");
    await app.request("/healthz", { method: "PROPFIND" });
    expect(answers[0]?.seconds).toBeWithin(0, most);
    expect(answers).toMatchObject([
      { method: "POST", route: "/things/:name", status: 200 },
      { method: "GET", route: "unmatched", status: 404 },
      { method: "other", route: "unmatched", status: 404 },
    ]);
  });

  test("keeps an answer from being kept, unless it says how long", async () => {
    const { app } = createSubject();
    const read = async (path: string, init = {}) =>
      (await app.request(path, init)).headers.get("cache-control");
    expect(await read("/healthz")).toBe("no-store");
    expect(await read("/nowhere")).toBe("no-store");
    expect(await read("/things/a", POST)).toBe("max-age=60");
  });

  test("tells to HEAD the length that GET has, which Bun takes for 0", async () => {
    const { app } = createSubject();
    const length = (await (await app.request("/healthz")).bytes()).length;
    const response = await app.request("/healthz", { method: "HEAD" });
    expect(response.headers.get("content-length")).toBe(String(length));
    expect(await response.text()).toBe("");
  });

  test("ends connections while the program drains", async () => {
    const { app, traffic } = createSubject();
    expect((await app.request("/healthz")).headers.has("connection")).toBe(false);
    traffic.draining = true;
    expect((await app.request("/healthz")).headers.get("connection")).toBe("close");
    expect((await app.request("/nowhere")).headers.get("connection")).toBe("close");
  });
});
