import { describe, expect, test } from "bun:test";
import { Hono } from "hono";
import { ServiceError } from "../errors.ts";
import { answerErrors } from "./answer-errors.ts";

/** An app that takes a thing and gives one, and throws what it is told to. */
function createSubject(thrown = new Error("unexpected")) {
  const faults: Error[] = [];
  const app = new Hono();
  answerErrors(app, { onFault: (error) => faults.push(error) });
  app.get("/things", (c) => c.text("thing"));
  app.post("/things", () => {
    throw thrown;
  });
  app.post("/others", (c) => c.text("other"));
  return { app, faults };
}

const POST = { method: "POST" };

describe("answerErrors()", () => {
  test("tells a wrong path in JSON", async () => {
    const response = await createSubject().app.request("/nowhere");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: "NOT_FOUND", message: "There is nothing at this address" },
    });
  });

  test.each([
    ["/others", "GET", "POST"],
    ["/things", "DELETE", "GET, HEAD, POST"],
  ])("tells what %s takes in place of %s", async (path, method, allow) => {
    const response = await createSubject().app.request(path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(await response.json()).toEqual({
      error: { code: "METHOD_NOT_ALLOWED", message: `This path takes ${allow}` },
    });
  });

  test("answers a ServiceError with its status, words and headers, which are no fault", async () => {
    const headers = { connection: "close" };
    const error = new ServiceError("Too much", { code: "TOO_LARGE", headers });
    const { app, faults } = createSubject(error);
    const response = await app.request("/things", POST);
    expect([response.status, response.headers.get("connection")]).toEqual([413, "close"]);
    expect(await response.json()).toEqual({ error: { code: "TOO_LARGE", message: "Too much" } });
    expect(faults).toEqual([]);
  });

  test("answers an error that only one program has with the status that it names", async () => {
    const error = new ServiceError("Not here", { code: "OF_ONE_PROGRAM", status: 403 });
    const response = await createSubject(error).app.request("/things", POST);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      error: { code: "OF_ONE_PROGRAM", message: "Not here" },
    });
  });

  test("answers whatever else is thrown without a word of it, and hands it on", async () => {
    const secret = new Error("the secret reason");
    const { app, faults } = createSubject(secret);
    const response = await app.request("/things", POST);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: { code: "INTERNAL", message: "Something went wrong on our side" },
    });
    expect(faults).toEqual([secret]);
  });

  test("lets a program tell errors its own way", async () => {
    const app = new Hono();
    answerErrors(app, {
      tell: (c, { status, code, message }) => c.text(`${code}: ${message}`, status),
      onFault: () => undefined,
    });
    const response = await app.request("/");
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("NOT_FOUND: There is nothing at this address");
  });
});
