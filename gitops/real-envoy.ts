import { mkdtempSync, rmSync } from "node:fs";
import type { Http2Server } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLimiter, type LimiterAnswer } from "@hookline/mesh";
import type { Subprocess } from "bun";
import { z } from "zod";
import { readLimiterConfig } from "./checks/rate-limits.ts";
import { readTree } from "./checks/tree.ts";
import { goldenPath } from "./golden.ts";
import { serveLimiter } from "./limiter-stand-in.ts";
import { parseResources } from "./render.ts";

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

/** What an overlay gives the gateway, and its limits. */
export async function readOverlay(overlay: string) {
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
function buildBootstrap(
  { filter, manager, host }: Awaited<ReturnType<typeof readOverlay>>,
  { app, limiterPort }: { readonly app: number; readonly limiterPort: number },
) {
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
      clusters: [buildCluster("app", app), buildCluster(limiter, limiterPort, HTTP2)],
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

/** Envoys with the limits of an overlay, a page behind them, and limiters; `stop` ends them all. */
export function createGateways() {
  const folder = mkdtempSync(join(tmpdir(), "hookline-envoy-"));
  const children: Subprocess[] = [];
  const limiters: Http2Server[] = [];
  const backend = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("page") });
  const app = backend.port ?? 0;
  return {
    /** Starts Envoy on a free port; gives its address. */
    startEnvoy: async (name: string, limiterPort: number): Promise<string> => {
      const path = join(folder, `${name}-${limiterPort}.json`);
      const bootstrap = buildBootstrap(await readOverlay(name), { app, limiterPort });
      await Bun.write(path, JSON.stringify(bootstrap));
      children.push(spawnEnvoy(path));
      return await findAddress(`${path}.admin`);
    },
    /** A limiter with the rules of the overlay, on a free port; its clock stands still. */
    startLimiter: async (name: string, seen: Seen = () => undefined): Promise<number> => {
      const limiter = await buildLimiter(name, seen);
      limiters.push(limiter);
      await new Promise<void>((resolve) => limiter.listen(0, "127.0.0.1", resolve));
      const address = limiter.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    },
    stop: async () => {
      for (const child of children) child.kill("SIGKILL");
      for (const limiter of limiters) limiter.close();
      await backend.stop(true);
      rmSync(folder, { recursive: true });
    },
  };
}

function spawnEnvoy(path: string): Subprocess {
  const admin = `${path}.admin`;
  const options = ["--config-path", path, "--admin-address-path", admin, "--use-dynamic-base-id"];
  return Bun.spawn(["envoy", ...options, "--concurrency", "1", "--log-level", "error"], {
    stderr: "inherit",
  });
}

function findAddress(admin: string): Promise<string> {
  return poll(async () => {
    const address = (await Bun.file(admin).text()).trim();
    const response = await fetch(`http://${address}/listeners?format=json`);
    const { listener_statuses } = Listeners.parse(await response.json());
    const port = listener_statuses[0]?.local_address.socket_address.port_value;
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  });
}

type Seen = (answer: LimiterAnswer) => void;

async function buildLimiter(name: string, seen: Seen): Promise<Http2Server> {
  const { config } = await readOverlay(name);
  const counter = createLimiter(config === undefined ? [] : [config], {
    now: () => 1_700_000_050_000,
    stopIncrementWhenOverLimit: true,
  });
  return serveLimiter((domain, descriptors) => {
    const answer = counter.check(domain, descriptors);
    seen(answer);
    return answer;
  });
}
