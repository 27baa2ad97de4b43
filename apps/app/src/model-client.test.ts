import { afterEach, describe, expect, test } from "bun:test";
import { buildAnswer, SAMPLE_URLS, startFakeModelService } from "./fake-model-service.ts";
import { createModelClient } from "./model-client.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function start(answer?: Parameters<typeof startFakeModelService>[0]) {
  const service = startFakeModelService(answer);
  stops.push(service.stop);
  return service;
}

const never = () => new Promise<Response>(() => {});
const URL_ASKED = "https://a.example/";

/** Headers at once, then a byte now and again, for ever. */
function trickle(): Response {
  let timer: Timer;
  const body = new ReadableStream({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new TextEncoder().encode(" ")), 20);
    },
    cancel() {
      clearInterval(timer);
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

function withFields(fields: Readonly<Record<string, unknown>>): Response {
  return Response.json({ ...buildAnswer(URL_ASKED), ...fields });
}

describe("createModelClient()", () => {
  test("gives the answer, and asks as the contract says", async () => {
    const service = start();
    const client = createModelClient({ modelUrl: service.url, modelTimeoutMs: 900 });
    const reply = await client.predict(SAMPLE_URLS.phishing, { "x-request-id": "id-7" });
    expect(reply).toEqual({ kind: "answered", answer: buildAnswer(SAMPLE_URLS.phishing) });
    const [request] = service.requests;
    expect(request?.body).toEqual({ url: SAMPLE_URLS.phishing });
    expect(request?.headers.get("x-request-id")).toBe("id-7");
    expect(request?.headers.get("content-type")).toBe("application/json");
  });

  test("escapes U+FFFD, which the model takes for lost bytes when it stands as it is", async () => {
    const url = "https://a.example/\uFFFD\uFFFD";
    const bodies: string[] = [];
    const server = Bun.serve({
      port: 0,
      async fetch(request) {
        bodies.push(await request.text());
        return Response.json(buildAnswer(url));
      },
    });
    stops.push(() => server.stop(true));
    await createModelClient({ modelUrl: server.url.origin, modelTimeoutMs: 900 }).predict(url, {});
    expect(bodies).toEqual([String.raw`{"url":"https://a.example/\ufffd\ufffd"}`]);
  });

  test("asks the model itself, whatever proxy the environment names", async () => {
    const { HTTP_PROXY, no_proxy } = process.env;
    const { url } = start();
    const client = createModelClient({ modelUrl: url, modelTimeoutMs: 900 });
    try {
      Object.assign(process.env, { HTTP_PROXY: "http://127.0.0.1:9", no_proxy: "elsewhere" });
      expect(await client.predict(URL_ASKED, {})).toMatchObject({ kind: "answered" });
    } finally {
      Object.assign(process.env, { HTTP_PROXY: HTTP_PROXY ?? "", no_proxy: no_proxy ?? "" });
    }
  });

  test("drops fields it does not know, so that the model may be newer", async () => {
    const { url } = start(() => withFields({ novelty: { deep: true } }));
    const reply = await createModelClient({ modelUrl: url, modelTimeoutMs: 900 }).predict(
      URL_ASKED,
      {},
    );
    expect(reply).toEqual({ kind: "answered", answer: buildAnswer(URL_ASKED) });
  });

  test.each([
    ["has a measure without a name", { lexical: [{ name: "", weight: 1 }] }],
    ["has a name that turns the line", { lexical: [{ name: "a\u202Eb", weight: 1 }] }],
    ["has a method that is new", { method: "gradient" }],
    ["has a weight that is none", { lexical: [{ name: "x", weight: null }] }],
  ])("gives the answer without its explanation when that %s", async (_, fields) => {
    const { explanation, ...answer } = buildAnswer(SAMPLE_URLS.phishing);
    const { url } = start(() =>
      Response.json({ ...answer, explanation: { ...explanation, ...fields } }),
    );
    const reply = await createModelClient({ modelUrl: url, modelTimeoutMs: 900 }).predict(
      SAMPLE_URLS.phishing,
      {},
    );
    expect(reply).toEqual({ kind: "answered", answer });
  });

  test("hands on that the model calls it no URL", async () => {
    const { url } = start();
    const reply = await createModelClient({ modelUrl: url, modelTimeoutMs: 900 }).predict(
      "hello",
      {},
    );
    expect(reply).toEqual({ kind: "rejected", message: "This is not a URL: it has no host" });
  });

  const outOfRange = { ...buildAnswer(URL_ASKED), probability: 1.01 };
  test.each<[string, () => Response | Promise<Response>, string]>([
    ["hangs", never, "timeout"],
    ["sends headers and then a byte now and again", trickle, "timeout"],
    ["answers 500", () => new Response("oops", { status: 500 }), "failed"],
    ["answers 404, being something else", () => new Response("", { status: 404 }), "failed"],
    ["answers 422 without saying why", () => new Response("no", { status: 422 }), "failed"],
    ["is not ready", () => new Response("", { status: 503 }), "overloaded"],
    ["limits us", () => new Response("", { status: 429 }), "overloaded"],
    ["sends no JSON", () => new Response("<html>"), "invalid-answer"],
    ["sends half of it", () => new Response('{"prediction":'), "invalid-answer"],
    ["sends nothing", () => new Response(""), "invalid-answer"],
    ["sends null", () => Response.json(null), "invalid-answer"],
    ["sends an impossible share", () => Response.json(outOfRange), "invalid-answer"],
    ["sends another verdict", () => withFields({ prediction: "Maybe" }), "invalid-answer"],
    [
      "sends a band upside down",
      () => withFields({ band: { low: 0.9, high: 0.1 } }),
      "invalid-answer",
    ],
    [
      "sends a name that turns the line",
      () => withFields({ model: { name: "a\u202Eb", version: "1" } }),
      "invalid-answer",
    ],
    ["leaves out a field", () => withFields({ model: undefined }), "invalid-answer"],
    [
      "sends 2 MB",
      () => new Response(JSON.stringify(buildAnswer(URL_ASKED)) + " ".repeat(2 ** 21)),
      "invalid-answer",
    ],
  ])("replies unknown when the model %s", async (_, answer, code) => {
    const { url } = start(answer);
    const client = createModelClient({ modelUrl: url, modelTimeoutMs: 300 });
    const reply = await client.predict(URL_ASKED, {});
    expect(reply).toMatchObject({ kind: "unknown", reason: { code } });
  });

  test("does not follow where the model leads", async () => {
    const answers = [
      Response.json(buildAnswer(URL_ASKED)),
      new Response(null, { status: 307, headers: { location: "/elsewhere" } }),
    ];
    const { url, requests } = start(() => answers.pop() ?? new Response());
    const reply = await createModelClient({ modelUrl: url, modelTimeoutMs: 900 }).predict(
      URL_ASKED,
      {},
    );
    expect(reply).toMatchObject({ kind: "unknown", reason: { code: "unreachable" } });
    expect(requests.length).toBe(1);
  });

  test("says in the reason what the limit was", async () => {
    const { url } = start(never);
    const reply = await createModelClient({ modelUrl: url, modelTimeoutMs: 100 }).predict(
      URL_ASKED,
      {},
    );
    expect(reply).toMatchObject({
      reason: { message: "The model service did not answer within 0.1 seconds." },
    });
  });

  test("replies unknown when nobody listens, and when the name does not exist", async () => {
    const { url, stop } = startFakeModelService();
    await stop();
    for (const modelUrl of [url, "http://no-such-host.invalid:1"]) {
      const reply = await createModelClient({ modelUrl, modelTimeoutMs: 900 }).predict(
        URL_ASKED,
        {},
      );
      expect(reply).toMatchObject({
        kind: "unknown",
        reason: { code: expect.stringMatching(/unreachable|timeout/) },
      });
    }
  });

  test("asks again at once after the model was restarted on the same port", async () => {
    const first = Bun.serve({ port: 0, fetch: () => Response.json(buildAnswer(URL_ASKED)) });
    const client = createModelClient({ modelUrl: first.url.origin, modelTimeoutMs: 900 });
    expect(await client.predict(URL_ASKED, {})).toMatchObject({ kind: "answered" });
    await first.stop(true);
    const second = Bun.serve({
      port: Number(first.url.port),
      fetch: () => Response.json(buildAnswer(URL_ASKED)),
    });
    stops.push(() => second.stop(true));
    expect(await client.predict(URL_ASKED, {})).toMatchObject({ kind: "answered" });
  });
});
