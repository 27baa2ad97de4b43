import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { RawClient } from "../data-plane/testing/raw-client.ts";
import { startPlane, stopPlanes } from "../data-plane/testing/start-plane.ts";
import { buildState, buildTraffic } from "./sample-state.ts";
import { createStatusPage } from "./status-page.ts";
import { createTestMesh } from "./test-mesh.ts";

const mesh = createTestMesh();
const page = createStatusPage({
  state: buildState,
  dataPlane: { snapshot: buildTraffic, metrics: () => "istio_requests_total 1\n" },
  mesh: () => mesh,
});
const ask = (path: string) => page(new Request(`http://127.0.0.1:8080/_local${path}`));
const text = async (path: string) => await (await ask(path)).text();

describe("the status page", () => {
  test("tells what runs, what was refused, who got the requests, the copies and the limits", async () => {
    const html = (await text("")).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
    for (const part of [
      "1a2b3c4 feat(gitops/canary): move the weight to 50/50",
      "was refused , 12 s ago",
      "weights sum to 90",
      "app v1 1 of 2 ready",
      "app-7d9f-2 back-off",
      "app-7d9f-1 ready ejected",
      "ratelimit stand-in",
      "12,345 requests · 3 under way · 17 connections",
      "istio-ingressgateway → app v1 900 90 % 1 v2 100 10 % 0 no pod 3 3 refused by the limiter 250 0",
      "app → model-service v1 640 100 % 0",
      "model-service v2 640 2 1",
      "80 passed · 4 limited",
      "generic_key= global 100 a minute 71 31 s",
    ])
      expect(html).toContain(part);
  });

  test("shows first of which limit the least is left, and how many it leaves out", async () => {
    const limit = { requestsPerUnit: 10, unit: "minute" };
    const row = { rule: "r", limit, code: "OK", resetAt: Date.now() } as const;
    const visitors = Array.from({ length: 60 }, (_, at) => ({
      ...row,
      descriptor: `a=${at}`,
      remaining: 9,
    }));
    const all = {
      ...row,
      descriptor: "a=all",
      remaining: 40,
      limit: { ...limit, requestsPerUnit: 100 },
    };
    const crowded = createStatusPage({
      state: buildState,
      dataPlane: {
        snapshot: () => buildTraffic({ limits: [...visitors, all] }),
        metrics: () => "",
      },
      mesh: () => mesh,
    });
    const html = await (await crowded(new Request("http://127.0.0.1:8080/_local"))).text();
    const told = html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
    expect(told).toMatch(/opens in a= ?all 100 a minute 40 /);
    expect(told).toContain(" and 41 more ");
  });

  test("leads to what a pod shows on its ports", async () => {
    const html = await text("");
    expect(html).toContain('<a href="http://127.0.0.1:41231/">http 41231</a>');
    expect(html).toContain('<a href="http://127.0.0.1:41232/metrics">metrics 41232</a>');
    expect(html).toContain('<a href="http://127.0.0.1:41231/">app</a>');
    expect(html).toContain(
      '<a href="http://127.0.0.1:41231/">shadow-report: did the two models agree?</a>',
    );
    expect(html).toContain('<a href="http://127.0.0.1:9093">http://127.0.0.1:9093</a>, version 1');
  });

  test("writes what others chose as text", async () => {
    const html = await text("");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
    expect(html).not.toContain("<b>break");
    expect(html.match(/<script/g)?.length).toBe(1);
  });

  test("allows its own files only, in no frame, and is kept by nobody", async () => {
    const { headers } = await ask("/");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; script-src 'self'; connect-src 'self'",
    );
    expect([headers.get("cache-control"), headers.get("x-frame-options")]).toEqual([
      "no-store",
      "DENY",
    ]);
    expect(await text("/")).not.toMatch(/ style="| on\w+="|https?:\/\/(?!127\.0\.0\.1)/);
  });

  test("is loaded again by a browser without scripts, but not while a question is shown", async () => {
    expect(await text("")).toContain(
      '<noscript><meta http-equiv="refresh" content="10"/></noscript>',
    );
    expect(await text("?path=/")).not.toContain("http-equiv");
  });

  test.each([
    ["/style.css", 200, "text/css; charset=utf-8"],
    ["/form.css", 200, "text/css; charset=utf-8"],
    ["/page.css", 200, "text/css; charset=utf-8"],
    ["/live.js", 200, "text/javascript; charset=utf-8"],
    ["/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"],
    ["/icon.svg", 200, "image/svg+xml"],
    ["/other", 404, "application/json"],
    ["/../package.json", 404, "application/json"],
  ])("GET /_local%s is %d %s", async (path, status, type) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
  });

  test("gives the state as JSON, with the traffic", async () => {
    const body = await (await ask("/api/state")).json();
    expect(body).toMatchObject({ overlay: "production", traffic: { requests: 12_345 } });
  });
});

describe("the question", () => {
  test.each([
    [
      "",
      [
        ["90 %", "app:80, v1"],
        ["10 %", "app:80, v2"],
      ],
    ],
    ["headers=user-type: test-user", [["100 %", "app:80, v2"]]],
    ["path=/metrics/x", [["100 %", "404, answered by the proxy itself"]]],
    ["from=hookline/app&host=app", [["100 %", "app:80"]]],
  ])("?%s", async (query, expected) => {
    const html = await text(`?${query.replaceAll(" ", "%20") || "path=/"}`);
    const rows = [...html.matchAll(/<td class="number">([\d.]+ %)<\/td><td><strong>([^<]*)/g)];
    expect(rows.map(([, percent = "", what = ""]) => [percent, what])).toEqual(expected);
  });

  test("gets the reasons of the routes that were not taken", async () => {
    const html = (await text("?path=/")).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
    expect(html).toMatch(/header-v2 hookline\/app wants .*user-type/);
    expect(html).toMatch(/ app hookline\/app taken (?!wants)/);
    expect(html).toContain("answer gains set-cookie: hookline-version=v1");
  });

  test("is kept in the form", async () => {
    const html = await text("?path=/a%22b&method=PUT&headers=x:%20%3C/textarea%3E");
    expect(html).toContain('name="path" value="/a&quot;b"');
    expect(html).toContain('<option value="PUT" selected="">');
    expect(html).toContain("x: &lt;/textarea&gt;</textarea>");
  });

  test.each([
    ["path=metrics", "Path: must begin with /"],
    ["port=x", "Port: a number"],
    ["port=70000", "Port: 65535 at most"],
    ["method=G%20T", "Method: letters only, as GET"],
    ["headers=none", "Headers: one a line, as name: value"],
    ["address=here", "Client address: an IP address"],
    [
      "header=a:b&to=x",
      "header, to: not asked here; from, method, host, port, path, headers, address are",
    ],
    ["from=nobody", "Nobody here is called &quot;nobody&quot;"],
  ])("?%s is refused in words", async (query, problem) => {
    const answer = await ask(`?${query}`);
    expect([answer.status, (await answer.text()).includes(problem)]).toEqual([400, true]);
    const json = await ask(`/api/explain?${query}`);
    expect([json.status, await json.json()]).toEqual([
      400,
      { error: { code: "BAD_QUESTION", message: problem.replaceAll("&quot;", '"') } },
    ]);
  });

  test("has its answer as JSON too", async () => {
    const body = await (await ask("/api/explain?path=/")).json();
    expect(body).toMatchObject({
      kind: "explained",
      explanation: { outcomes: [{ percent: 90 }, { percent: 10 }] },
    });
  });
});

test("the README's question is about the header that it names", async () => {
  const readme = await Bun.file(join(import.meta.dirname, "../../README.md")).text();
  const [, path = ""] = /`\/_local(\/api\/explain\?[^`]+)`/.exec(readme) ?? [];
  expect(await (await ask(path)).json()).toMatchObject({
    question: { path: "/", headers: "user-type: test-user" },
    explanation: { outcomes: [{ percent: 100 }] },
  });
});

describe("who may see it", () => {
  const elsewhere = async (host: string, path = "/_local/api/state") => {
    const { port } = await startPlane({ status: page });
    const client = await RawClient.connect(port);
    client.send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const answer = await client.waitForEnd();
    await stopPlanes();
    return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
  };

  test.each([
    ["localhost:8080", "200"],
    ["127.0.0.1", "200"],
    ["[::1]:8080", "200"],
    // No pods: what is not the page is forwarded, to nobody here.
    ["evil.example", "503"],
    ["localhost.evil.example", "503"],
    ["127.0.0.1.evil.example", "503"],
    ["192.168.0.7", "503"],
  ])("Host: %s → %s", async (host, status) => {
    expect(await elsewhere(host)).toBe(status);
  });

  test("a path that only begins alike is not the page", async () => {
    expect(await elsewhere("localhost", "/_locale")).toBe("503");
  });

  test("a gateway that the network reaches has no page", async () => {
    const { plane } = await startPlane();
    const { port } = await plane.listenGateway({
      host: "0.0.0.0",
      port: 0,
      source: () => ({ kind: "gateway", labels: {}, namespace: "x", port: 80 }),
      status: page,
    });
    expect((await fetch(`http://127.0.0.1:${port}/_local`)).status).toBe(503);
    await stopPlanes();
  });

  test("a page that fails ends nothing", async () => {
    const { url } = await startPlane({
      status: () => {
        throw new TypeError("broken");
      },
    });
    const answer = await fetch(`${url}/_local`);
    expect([answer.status, await answer.text()]).toEqual([500, "The status page failed\n"]);
    await stopPlanes();
  });
});
