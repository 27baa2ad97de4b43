import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { buildForward } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

// Real sockets, a real server behind.

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const seen: Seen[] = [];
const backend = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    const headers = Object.fromEntries(request.headers);
    seen.push({ method: request.method, path: pathname + search, headers, body });
    if (pathname === "/slow") await Bun.sleep(40);
    return new Response(`${request.method} ${pathname} ${body}`, {
      headers: { server: "mine", "x-back": "1" },
    });
  },
});
const port = backend.port ?? 0;
afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
  seen.length = 0;
});
afterAll(() => backend.stop(true));

describe("the gateway", () => {
  test.each([
    ["GET", undefined, 200, "GET /a "],
    ["POST", "url=x", 200, "POST /a url=x"],
    ["PUT", "y", 200, "PUT /a y"],
    ["DELETE", undefined, 200, "DELETE /a "],
    ["HEAD", undefined, 200, ""],
  ])("forwards %s", async (method, body, status, expected) => {
    const { url } = await startPlane({ backends: [port] });
    const answer = await fetch(`${url}/a?b=c`, { method, ...(body === undefined ? {} : { body }) });
    expect([answer.status, await answer.text()]).toEqual([status, expected]);
    expect(seen.map((one) => [one.method, one.path])).toEqual([[method, "/a?b=c"]]);
  });

  test("names itself, keeps the backend's headers, and tells how long it took", async () => {
    const { url } = await startPlane({ backends: [port] });
    const { headers } = await fetch(url);
    expect([headers.get("server"), headers.get("x-back")]).toEqual(["hookline-gateway", "1"]);
    expect(headers.get("x-envoy-upstream-service-time")).toMatch(/^\d+$/);
    expect(new Date(headers.get("date") ?? "").getTime()).toBeGreaterThan(Date.now() - 10_000);
  });

  test("tells the backend who asks, whatever the client says of himself", async () => {
    const { url } = await startPlane({ backends: [port] });
    const id = "11111111-2222-3333-4444-555555555555";
    await fetch(url, {
      headers: {
        "x-forwarded-for": "9.9.9.9",
        "x-forwarded-proto": "https",
        "x-request-id": id,
        "x-envoy-retry-on": "5xx",
        "x-envoy-internal": "true",
        "x-forwarded-client-cert": "By=me",
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      },
    });
    const headers = seen[0]?.headers ?? {};
    expect(headers["x-forwarded-for"]).toBe("9.9.9.9,127.0.0.1");
    expect(headers["x-forwarded-proto"]).toBe("http");
    expect(headers["x-request-id"]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(headers["x-request-id"]).not.toBe(id);
    expect(headers["x-envoy-attempt-count"]).toBe("1");
    expect(headers["x-envoy-external-address"]).toBe("127.0.0.1");
    expect(headers["traceparent"]).toBe("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    const gone = ["x-envoy-retry-on", "x-envoy-internal", "x-forwarded-client-cert"];
    expect(gone.filter((name) => name in headers)).toEqual([]);
  });

  test("keeps connections on both sides", async () => {
    const { port: gateway } = await startPlane({ backends: [port] });
    const client = await RawClient.connect(gateway);
    for (let i = 1; i <= 3; i += 1) {
      client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
      await until(() => client.received.split("GET /a ").length === i + 1, `answer ${i}`);
    }
    expect(client.isClosed).toBe(false);
    const statuses = client.received.match(/HTTP\/1\.1 200 OK/g);
    expect(statuses?.length).toBe(3);
    client.destroy();
  });

  test("answers pipelined requests in order, though the first is slow", async () => {
    const { port: gateway } = await startPlane({ backends: [port, port] });
    const client = await RawClient.connect(gateway);
    const paths = ["/slow", "/b", "/c", "/d"];
    client.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""));
    await client.waitFor("GET /d ");
    expect<unknown>(client.received.match(/GET \/\w+/g)).toEqual(
      paths.map((path) => `GET ${path}`),
    );
    client.destroy();
  });

  test("passes chunks on without their trailers, and no body for 204", async () => {
    const chunked = startRawBackend((connection, text) => {
      connection.send(
        text.startsWith("GET /none")
          ? "HTTP/1.1 204 No Content\r\n\r\n"
          : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\nX-Sum: 7\r\n\r\n",
      );
    });
    const { port: gateway } = await startPlane({ backends: [chunked.port] });
    const client = await RawClient.connect(gateway);
    client.send(
      "GET /none HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    const text = await client.waitForEnd();
    expect(text).toMatch(
      /^HTTP\/1\.1 204 No Content\r\n(?:(?!content-length|transfer-encoding)[^\r]*\r\n)*\r\nHTTP\/1\.1 200/,
    );
    expect(text).toMatch(/transfer-encoding: chunked\r\nconnection: close\r\n/);
    expect(text).toEndWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    expect(chunked.connections.length).toBe(1);
  });

  test("obeys header operations, rewrite and the Host that a route gives", async () => {
    const { url } = await startPlane({
      backends: [port],
      decide: () =>
        buildForward("app", {
          request: { remove: ["x-a"], set: [["x-b", "set"]], add: [["x-c", "added"]] },
          response: {
            remove: ["x-back"],
            set: [["x-d", "1"]],
            add: [
              ["set-cookie", "a=1"],
              ["set-cookie", "b=2"],
            ],
          },
          rewrite: { path: "/other?x=1", originalPath: "/b", authority: "app.test" },
          timeoutMs: 5_000,
        }),
    });
    const answer = await fetch(`${url}/a`, { headers: { "x-a": "1", "x-b": "2", "x-c": "3" } });
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect([answer.headers.get("x-back"), answer.headers.get("x-d")]).toEqual([null, "1"]);
    const { path, headers = {} } = seen[0] ?? {};
    expect(path).toBe("/other?x=1");
    expect([headers["x-a"], headers["x-b"], headers["x-c"]]).toEqual([
      undefined,
      "set",
      "3, added",
    ]);
    expect([
      headers["host"],
      headers["x-envoy-original-path"],
      headers["x-envoy-expected-rq-timeout-ms"],
    ]).toEqual(["app.test", "/b", "5000"]);
  });

  test("says nothing of a path that was only normalised", async () => {
    const decide = () => buildForward("app", { rewrite: { path: "/b" } });
    const { url } = await startPlane({ backends: [port], decide });
    await fetch(`${url}/a`);
    expect(seen.map(({ path, headers }) => [path, headers["x-envoy-original-path"]])).toEqual([
      ["/b", undefined],
    ]);
  });
});
