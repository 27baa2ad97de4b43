import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import type { Http2Server } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileLimits, createLimiter, type LimiterAnswer, type MeshRequest } from "@hookline/mesh";
import type { Subprocess } from "bun";
import { z } from "zod";
import { GATEWAY_POD } from "./checks/pods.ts";
import { readLimiterConfig } from "./checks/rate-limits.ts";
import { readTree } from "./checks/tree.ts";
import { goldenPath } from "./golden.ts";
import { serveLimiter } from "./limiter-stand-in.ts";
import { parseResources } from "./render.ts";

// The filter, its actions and the body of a 429, given to a real Envoy as Istio would.

const absent = Bun.which("envoy") === null;
if (absent)
  console.warn("gitops/envoy.test.ts: envoy is not installed, the limits are not tried in it");

const folder = mkdtempSync(join(tmpdir(), "hookline-envoy-"));
const children: Subprocess[] = [];
const limiters: Http2Server[] = [];
const backend = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("page") });
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const limiter of limiters) limiter.close();
  await backend.stop(true);
  rmSync(folder, { recursive: true });
});

const Filter = z.looseObject({
  kind: z.literal("EnvoyFilter"),
  spec: z.object({
    configPatches: z.array(
      z.object({
        applyTo: z.string(),
        patch: z.object({ value: z.record(z.string(), z.unknown()) }),
      }),
    ),
  }),
});
const Typed = z.looseObject({
  rate_limit_service: z.object({
    grpc_service: z.object({ envoy_grpc: z.object({ cluster_name: z.string() }) }),
  }),
});

const GATEWAY = {
  kind: "gateway",
  labels: GATEWAY_POD.labels,
  namespace: "hookline",
  port: 80,
} as const;

/** What a browser says that it takes when a person goes to a page. */
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const ACCEPTS = [BROWSER, "TEXT/HTML", "*/*", "application/json, text/html", ""];

function buildRequest(headers: Readonly<Record<string, string>>): MeshRequest {
  return {
    method: "GET",
    authority: "localhost",
    path: "/",
    scheme: "http",
    clientAddress: "127.0.0.1",
    port: 80,
    header: (name) => headers[name],
  };
}

async function readOverlay(overlay: string) {
  const resources = parseResources(await Bun.file(goldenPath(overlay)).text());
  const patches = resources
    .flatMap((one) => Filter.safeParse(one).data ?? [])
    .flatMap(({ spec }) => spec.configPatches);
  const find = (applyTo: string) => patches.find((one) => one.applyTo === applyTo)?.patch.value;
  const tree = readTree(resources);
  return {
    rendered: tree.rendered,
    filter: find("HTTP_FILTER"),
    manager: z.looseObject({ typed_config: z.looseObject({}) }).parse(find("NETWORK_FILTER")),
    host: find("VIRTUAL_HOST"),
    config: readLimiterConfig(tree),
  };
}

function buildCluster(name: string, port: number, options: object = {}) {
  const address = { socket_address: { address: "127.0.0.1", port_value: port } };
  const endpoints = [{ lb_endpoints: [{ endpoint: { address } }] }];
  return {
    name,
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: { cluster_name: name, endpoints },
    ...options,
  };
}

const HTTP2 = {
  typed_extension_protocol_options: {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
      "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      explicit_http_config: { http2_protocol_options: {} },
    },
  },
};

/** What istiod would make of the overlay for a gateway, less TLS. */
function buildBootstrap(overlay: Awaited<ReturnType<typeof readOverlay>>, limiterPort: number) {
  const { filter, manager, host } = overlay;
  const { rate_limit_service } = Typed.parse(filter?.["typed_config"]);
  const limiter = rate_limit_service.grpc_service.envoy_grpc.cluster_name;
  const router = {
    name: "envoy.filters.http.router",
    typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
  };
  const route = { match: { prefix: "/" }, route: { cluster: "app" } };
  const config = {
    ...manager.typed_config,
    stat_prefix: "gateway",
    use_remote_address: true,
    http_filters: [filter, router],
    route_config: { virtual_hosts: [{ name: "*:80", domains: ["*"], ...host, routes: [route] }] },
  };
  const manage = { name: "envoy.filters.network.http_connection_manager", typed_config: config };
  return {
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } },
    static_resources: {
      listeners: [
        {
          name: "gateway",
          address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
          filter_chains: [{ filters: [manage] }],
        },
      ],
      clusters: [buildCluster("app", backend.port ?? 0), buildCluster(limiter, limiterPort, HTTP2)],
    },
  };
}

const Listeners = z.object({
  listener_statuses: z.array(
    z.object({ local_address: z.object({ socket_address: z.object({ port_value: z.number() }) }) }),
  ),
});

/** Asks until it is answered: Envoy needs a moment to listen. */
async function poll<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await Bun.sleep(20);
  }
  throw new Error("Envoy does not listen");
}

/** Starts Envoy on a free port; gives its address. */
async function startEnvoy(name: string, limiterPort: number): Promise<string> {
  const bootstrap = buildBootstrap(await readOverlay(name), limiterPort);
  const path = join(folder, `${name}-${limiterPort}.json`);
  const admin = `${path}.admin`;
  await Bun.write(path, JSON.stringify(bootstrap));
  const options = ["--config-path", path, "--admin-address-path", admin, "--use-dynamic-base-id"];
  children.push(
    Bun.spawn(["envoy", ...options, "--concurrency", "1", "--log-level", "error"], {
      stderr: "inherit",
    }),
  );
  return poll(async () => {
    const address = (await Bun.file(admin).text()).trim();
    const response = await fetch(`http://${address}/listeners?format=json`);
    const { listener_statuses } = Listeners.parse(await response.json());
    const port = listener_statuses[0]?.local_address.socket_address.port_value;
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  });
}

/** A limiter with the rules of the overlay, on a free port; its clock stands still. */
async function startLimiter(
  name: string,
  seen: (answer: LimiterAnswer) => void = () => undefined,
): Promise<number> {
  const { config } = await readOverlay(name);
  const counter = createLimiter(config === undefined ? [] : [config], {
    now: () => 1_700_000_050_000,
    stopIncrementWhenOverLimit: true,
  });
  const limiter = serveLimiter((domain, descriptors) => {
    const answer = counter.check(domain, descriptors);
    seen(answer);
    return answer;
  });
  limiters.push(limiter);
  await new Promise<void>((resolve) => limiter.listen(0, "127.0.0.1", resolve));
  const address = limiter.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function countOk(
  gateway: string,
  times: number,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  let passed = 0;
  for (let i = 0; i < times; i += 1) {
    const response = await fetch(gateway, { headers });
    await response.text();
    passed += response.status === 200 ? 1 : 0;
  }
  return passed;
}

describe.skipIf(absent)("in a real Envoy", () => {
  test("each user has 10, each address without one 10, and all together 100", async () => {
    const gateway = await startEnvoy("production", await startLimiter("production"));
    expect(await countOk(gateway, 12, { authorization: "one" })).toBe(10);
    expect(await countOk(gateway, 12, { authorization: "two" })).toBe(10);
    expect(await countOk(gateway, 12, {})).toBe(10);
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        countOk(gateway, 10, { authorization: `user ${index}` }),
      ),
    );
    // 30 are used up: refused requests are not counted for all.
    expect(others.reduce((sum, one) => sum + one, 0)).toBe(70);
    const refused = await fetch(gateway, { headers: { authorization: "one" } });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(refused.headers.get("content-type")).toBe("application/json");
    expect(await refused.json()).toEqual({
      error: { code: "limited", message: "Too many requests" },
    });
  }, 60_000);

  test("its answers to limits are the mesh's, byte for byte", async () => {
    const answers: LimiterAnswer[] = [];
    const port = await startLimiter("production", (answer) => answers.push(answer));
    const gateway = await startEnvoy("production", port);
    const headers = { authorization: "one" };
    const passed = await fetch(gateway, { headers });
    const names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    const read = (response: Response) => names.map((name) => [name, response.headers.get(name)]);
    expect<unknown>(read(passed)).toEqual(answers[0]?.headers);
    expect(passed.headers.get("x-ratelimit-limit")).toBe("10, 100;w=60, 10;w=60");
    await countOk(gateway, 9, headers);
    const { rendered } = await readOverlay("production");
    const { reply } = compileLimits(rendered, GATEWAY);
    for (const accept of ACCEPTS) {
      const refused = await fetch(gateway, { headers: { ...headers, accept } });
      expect<unknown>(read(refused)).toEqual(answers.at(-1)?.headers);
      expect(refused.headers.get("x-envoy-ratelimited")).toBe("true");
      const limited = reply({
        status: 429,
        body: "",
        flag: "RL",
        headers: answers.at(-1)?.headers ?? [],
        request: buildRequest({ accept }),
      });
      const text = await refused.text();
      expect({ contentType: refused.headers.get("content-type"), text }).toEqual(
        limited.body ?? { contentType: null, text: "" },
      );
      const added = limited.headers.map(({ name }) => [name, refused.headers.get(name)]);
      expect<unknown>(added).toEqual(limited.headers.map(({ name, value }) => [name, value]));
    }
  }, 60_000);

  test("a person over a limit reads which it is and when to come again, a program gets JSON", async () => {
    let resetSeconds = 0;
    const port = await startLimiter("production", ({ statuses }) => {
      resetSeconds = Math.min(...statuses.map((one) => one.resetSeconds));
    });
    const gateway = await startEnvoy("production", port);
    await countOk(gateway, 10, { authorization: "one" });
    const ask = (accept: string) =>
      fetch(gateway, { headers: { authorization: "one", accept, "sec-fetch-mode": "navigate" } });
    const page = await ask(BROWSER);
    expect([page.status, page.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const text = await page.text();
    expect(text).toContain(`Try again in ${resetSeconds} seconds.`);
    const { config } = await readOverlay("production");
    const limits = JSON.stringify(config).matchAll(/"requests_?[pP]er_?[uU]nit":(\d+)/g);
    for (const [, limit] of limits)
      expect(text).toMatch(new RegExp(`\\b${limit} (a minute|times)`));
    for (const accept of ["*/*", "application/json", "application/json, text/html;q=0.5"]) {
      expect(await (await ask(accept)).json()).toEqual({
        error: { code: "limited", message: "Too many requests" },
      });
    }
  }, 60_000);

  test.each([
    ["production", 200],
    ["ratelimit", 500],
  ])(
    "without a limiter %s answers %d, soon",
    async (overlay, status) => {
      // Nothing listens where the backend was: a limiter that is down.
      const closed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
      const port = closed.port ?? 0;
      await closed.stop(true);
      const gateway = await startEnvoy(overlay, port);
      expect((await fetch(gateway)).status).toBe(status);
    },
    60_000,
  );
});
