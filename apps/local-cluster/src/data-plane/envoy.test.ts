import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { findEnvoy, startEnvoy } from "./testing/envoy.ts";
import { buildDirect, buildForward } from "./testing/fake-mesh.ts";
import { type BackendConnection, startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

// The same bytes to a real Envoy and to us, before the same backend.

const binary = findEnvoy();
if (binary === undefined)
  console.warn(
    "SKIPPED: envoy.test.ts of local-cluster; there is no envoy here (.ci/run installs it)",
  );

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
/** What the backend does is in the path. */
const ACTS: Readonly<Record<string, (connection: BackendConnection) => void>> = {
  "/hang": () => {},
  "/reset": (one) => one.reset(),
  "/close": (one) => one.end(),
  "/garbage": (one) => one.send("garbage\r\n\r\n"),
  "/two-lengths": (one) =>
    one.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
  "/both-lengths": (one) =>
    one.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
  "/early": (one) => one.send(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}`),
  "/until-close": (one) => {
    one.send("HTTP/1.1 200 OK\r\n\r\nall");
    one.end();
  },
  "/no-content": (one) => one.send("HTTP/1.1 204 No Content\r\n\r\n"),
  "/not-modified": (one) => one.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
  "/trailers": (one) =>
    one.send(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n",
    ),
  "/chunked": (one) =>
    one.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
};

let ours = 0;
let theirs = 0;
/** What the backend got with each read. */
const reads: string[] = [];
let stop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  if (binary === undefined) return;
  const backend = startRawBackend((connection, text) => {
    reads.push(text);
    const path = /^[A-Z]+ (\/[a-z-]*)/.exec(text)?.[1] ?? "";
    const act = ACTS[path];
    if (act !== undefined) act(connection);
    else if (path === "/headers") {
      const head = text.trimEnd();
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${head.length}\r\n\r\n${head}`);
    } else if (/^[A-Z]+ /.test(text)) connection.send(OK);
  });
  const envoy = await startEnvoy(binary, backend.port);
  theirs = envoy.port;
  stop = envoy.stop;
  const retries = {
    attempts: 2,
    perTryTimeoutMs: 200,
    retryOn: ["connect-failure", "refused-stream", "unavailable", "cancelled"],
  };
  const noLength = { set: [], add: [], remove: ["content-length"] };
  ({ port: ours } = await startPlane({
    backends: [backend.port],
    decide: ({ path }) => {
      if (path === "/own-no-content") return buildDirect(204);
      if (path === "/own-not-modified") return buildDirect(304);
      const changes = path === "/unframed" ? { request: noLength, response: noLength } : {};
      return buildForward("app", { timeoutMs: 300, retries, ...changes });
    },
  }));
}, 120_000);
afterAll(async () => {
  await stop?.();
  await stopPlanes();
  stopRawBackends();
});

/** Statuses, and the last answer's framing and body. */
async function send(port: number, text: string) {
  const client = await RawClient.connect(port);
  client.send(text);
  await until(
    () => client.isEnded || client.isClosed || /\r\n\r\n/.test(client.received),
    "an answer",
  );
  // Whatever else comes with it.
  await Bun.sleep(30);
  const { received } = client;
  client.destroy();
  const last = received.lastIndexOf("HTTP/1.1 ");
  const headEnd = received.indexOf("\r\n\r\n", last) + 4;
  return {
    statuses: (received.match(/HTTP\/1\.1 \d{3}/g) ?? []).map((one) => Number(one.slice(-3))),
    // Envoy says that it closes, and waits a second with it; so we compare what is said.
    isClosing: /^connection: close\r$/im.test(received.slice(last, headEnd)),
    hasLength: /^content-length: /im.test(received.slice(last, headEnd)),
    isChunked: /^transfer-encoding: chunked\r$/im.test(received.slice(last, headEnd)),
    type: /^content-type: (.*)\r$/im.exec(received.slice(last, headEnd))?.[1],
    body: received.slice(headEnd),
  };
}

const HOST = "Host: app.test\r\n";
const get = (path: string) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;
const post = (headers: string, body: string) => `POST / HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;

describe.skipIf(binary === undefined)("like Envoy, we answer", () => {
  test.each<[string, string]>([
    ["a plain request", get("/")],
    ["HEAD", `HEAD / HTTP/1.1\r\n${HOST}\r\n`],
    ["a body", post("Content-Length: 3\r\n", "abc")],
    ["chunks", post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")],
    [
      "chunks with trailers",
      post("Transfer-Encoding: chunked\r\nTrailer: x\r\n", "3\r\nabc\r\n0\r\nx: y\r\n\r\n"),
    ],
    [
      "chunks with an extension",
      post("Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n0\r\n\r\n"),
    ],
    ["a request that ends its connection", `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ["an absolute target", `GET http://other.test/x HTTP/1.1\r\n${HOST}\r\n`],
    ["a target that wants TLS", `GET https://other.test/x HTTP/1.1\r\n${HOST}\r\n`],
    ["both lengths", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
    ["two lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")],
    ["a negative length", post("Content-Length: -3\r\n", "")],
    ["a length in words", post("Content-Length: three\r\n", "")],
    ["another coding", post("Transfer-Encoding: gzip\r\n", "")],
    ["two codings", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")],
    ["a bad first chunk", post("Transfer-Encoding: chunked\r\n", "zz\r\n")],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
    ["HTTP/1.0", `GET / HTTP/1.0\r\n${HOST}\r\n`],
    ["another version", `GET / HTTP/3.0\r\n${HOST}\r\n`],
    ["no version", `GET /\r\n${HOST}\r\n`],
    ["a space before the colon", `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`],
    ["a header without a colon", `GET / HTTP/1.1\r\n${HOST}X\r\n\r\n`],
    ["NUL in a value", `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
    ["a fragment", get("/a#b")],
    ["a space in the target", get("/a b")],
    ["too many headers", `GET / HTTP/1.1\r\n${HOST}${"x: y\r\n".repeat(110)}\r\n`],
    ["a head that is too long", `GET / HTTP/1.1\r\n${HOST}x: ${"a".repeat(70_000)}\r\n\r\n`],
    ["a path that is too long", get(`/${"a".repeat(70_000)}`)],
    [
      "an upgrade to nothing known",
      `GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: foo\r\n\r\n`,
    ],
    ["Expect", `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc`],
    ["204 of a route's own", get("/own-no-content")],
    ["304 of a route's own", get("/own-not-modified")],
    ["an answer whose length the route takes away", get("/unframed")],
    ...Object.keys(ACTS).map((path): [string, string] => [path, get(path)]),
  ])(
    "%s",
    async (_, text) => {
      const [mine, envoys] = [await send(ours, text), await send(theirs, text)];
      expect(mine).toEqual(envoys);
    },
    120_000,
  );

  test("and hand no trailers on", async () => {
    const body = "3\r\nabc\r\n0\r\nx: y\r\n\r\n";
    for (const port of [theirs, ours]) {
      await send(port, post("Transfer-Encoding: chunked\r\n", body));
      expect(reads.at(-1)).toEndWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    }
  }, 120_000);

  test("and frame anew a body whose length the route takes away", async () => {
    const bodies = [];
    for (const port of [theirs, ours]) {
      const text = `POST /unframed HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`;
      expect((await send(port, text)).statuses).toEqual([200]);
      bodies.push(reads.at(-1)?.split("\r\n\r\n").slice(1));
    }
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[1]?.join()).toContain("abc");
  }, 120_000);

  test("and hand on the same headers, whatever a client says of himself", async () => {
    const headers = [
      "x-forwarded-for: 9.9.9.9",
      "X-Forwarded-Proto: https",
      "x-request-id: 11111111-2222-3333-4444-555555555555",
      "x-envoy-retry-on: 5xx",
      "x-envoy-max-retries: 9",
      "x-envoy-upstream-rq-timeout-ms: 1",
      "x-envoy-internal: true",
      "x-envoy-attempt-count: 7",
      "x-envoy-decorator-operation: x",
      "x-forwarded-client-cert: By=me",
      "X-Own: a",
      "X-Own: b",
      "Accept: */*",
      "Keep-Alive: 5",
      "Proxy-Connection: x",
      "TE: trailers",
    ];
    const text = `GET /headers HTTP/1.1\r\n${HOST}${headers.join("\r\n")}\r\n\r\n`;
    const handedOn = await Promise.all(
      [ours, theirs].map(async (port) => {
        const { body } = await send(port, text);
        // What is made up anew each time has only its name compared.
        return (
          body
            .replace(/(x-request-id: )\S+/, "$1…")
            // For a client on the loopback interface Envoy names an address of its own machine instead.
            .replace(/(x-forwarded-for: .*,)\S+/, "$1…")
            .split("\r\n")
            .toSorted()
        );
      }),
    );
    expect(handedOn[0]).toEqual(handedOn[1]);
    expect(handedOn[0]).toContain("x-request-id: …");
  }, 120_000);

  // RFC 9112, 5.2 and 2.2 let a server choose; what one proxy unfolds or drops, another may read as a header.
  test.each([
    ["a folded line", `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
    ["a CR in a value", `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`],
  ])("but %s, which Envoy takes, we refuse", async (_, text) => {
    expect((await send(theirs, text)).statuses).toEqual([200]);
    expect((await send(ours, text)).statuses).toEqual([400]);
  });
});
