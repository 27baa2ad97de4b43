import { describe, expect, test } from "bun:test";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp, formRequest, jsonRequest } from "./testing.ts";

const timeout: ModelReply = {
  kind: "unknown",
  reason: { code: "timeout", message: "The model service did not answer within 0.9 seconds." },
};

describe("POST /api/check", () => {
  test("is the same as JSON", async () => {
    const { app } = await createTestApp();
    const response = await app.request(
      "/api/check",
      jsonRequest({ url: SAMPLE_URLS.phishing, guess: "legitimate" }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      verdict: "Phishing",
      guess: "legitimate",
      agreed: false,
      ...buildAnswer(SAMPLE_URLS.phishing),
    });
  });

  test("needs no guess", async () => {
    const { app } = await createTestApp();
    const response = await app.request("/api/check", jsonRequest({ url: SAMPLE_URLS.legitimate }));
    expect(await response.json()).toMatchObject({
      verdict: "Legitimate",
      guess: null,
      agreed: null,
    });
  });

  test("takes a URL with a blank, or with another one in it, for one", async () => {
    const { app } = await createTestApp();
    for (const url of ["https://a.example/my v1.pdf", "https://a.example/?u=https://b.example"])
      expect((await app.request("/api/check", jsonRequest({ url }))).status).toBe(200);
  });

  test("says Unknown and why when the model does not answer", async () => {
    const { app } = await createTestApp({ predict: async () => timeout });
    const response = await app.request(
      "/api/check",
      jsonRequest({ url: "https://a.example/", guess: "phishing" }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      verdict: "Unknown",
      guess: "phishing",
      agreed: null,
      reason: { code: "timeout", message: "The model service did not answer within 0.9 seconds." },
    });
  });

  test.each([
    ["an empty URL", jsonRequest({ url: "" }), 422, "EMPTY_URL"],
    ["2,049 characters", jsonRequest({ url: "x".repeat(2049) }), 422, "URL_TOO_LONG"],
    ["what is no URL", jsonRequest({ url: "hello" }), 422, "NOT_A_URL"],
    ["two links", jsonRequest({ url: "https://a.example/x https://b.example" }), 422, "NOT_A_URL"],
    [
      "a second one without a scheme",
      jsonRequest({ url: "a.example www.b.example" }),
      422,
      "NOT_A_URL",
    ],
    ["no URL", jsonRequest({}), 400, "MALFORMED"],
    ["a URL of another type", jsonRequest({ url: 1 }), 400, "MALFORMED"],
    ["another guess", jsonRequest({ url: "https://a.example", guess: "yes" }), 400, "MALFORMED"],
    [
      "an unknown field",
      jsonRequest({ url: "https://a.example", gues: "phishing" }),
      400,
      "MALFORMED",
    ],
    ["a list", jsonRequest([]), 400, "MALFORMED"],
    ["broken JSON", { ...jsonRequest({}), body: '{"url":' }, 400, "MALFORMED"],
    [
      "no body",
      { method: "POST", headers: { "content-type": "application/json" } },
      400,
      "MALFORMED",
    ],
    [
      "bytes that are no UTF-8",
      { ...jsonRequest({}), body: new Uint8Array([0x22, 0xff, 0x22]) },
      400,
      "MALFORMED",
    ],
    ["a form", formRequest({ url: "https://a.example" }), 415, "WRONG_TYPE"],
    ["17 KiB", jsonRequest({ url: "x".repeat(17 * 1024) }), 413, "TOO_LARGE"],
  ])("refuses %s", async (_, request, status, code) => {
    const { app } = await createTestApp();
    const response = await app.request("/api/check", request);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { code, message: expect.stringMatching(/\w/) },
    });
  });

  test("names the one link of a text that is none", async () => {
    const { app } = await createTestApp();
    const response = await app.request(
      "/api/check",
      jsonRequest({ url: "go to http://a.example" }),
    );
    expect(await response.json()).toEqual({
      error: {
        code: "NOT_A_URL",
        message: "Paste the link alone; in this text it is http://a.example",
      },
    });
  });
});
