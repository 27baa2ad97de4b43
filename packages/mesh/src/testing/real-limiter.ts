import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { DescriptorCall } from "../limits/index.ts";

// Runs the real limiter (envoyproxy/ratelimit) on a Redis of its own, both on this machine only.

const folder = new URL("../../../../.cache/limiter/", import.meta.url).pathname;
const service = Bun.which("service_cmd", { PATH: folder });
const checker = Bun.which("config_check_cmd", { PATH: folder });
const redis = Bun.which("redis-server");

/** What is missing on this machine, in words; undefined when all is there. */
export const missing =
  service === null || checker === null
    ? "the limiter is not built (.ci/build-limiter)"
    : redis === null
      ? "redis-server is not installed"
      : undefined;

const Status = z.object({
  code: z.enum(["OK", "OVER_LIMIT"]),
  currentLimit: z
    .object({
      requestsPerUnit: z.number().default(0),
      unit: z.string(),
      name: z.string().default(""),
    })
    .optional(),
  limitRemaining: z.number().default(0),
  durationUntilReset: z.string().default("0s"),
});
const Answer = z.object({
  overallCode: z.enum(["OK", "OVER_LIMIT"]),
  statuses: z.array(Status),
});
export type RealAnswer = z.infer<typeof Answer>;

export interface RealLimiter extends AsyncDisposable {
  check(domain: string, descriptors: readonly DescriptorCall[], hits: number): Promise<RealAnswer>;
  /** The text of its Prometheus endpoint. */
  metrics(): Promise<string>;
}

/** Whether the real limiter takes a configuration. */
export async function acceptsConfig(config: unknown): Promise<boolean> {
  const at = mkdtempSync(join(tmpdir(), "hookline-limits-"));
  try {
    // JSON is YAML.
    writeFileSync(join(at, "config.yaml"), JSON.stringify(config));
    const child = Bun.spawn([checker ?? "", "-config_dir", at], {
      stdout: "ignore",
      stderr: "ignore",
    });
    return (await child.exited) === 0;
  } finally {
    rmSync(at, { recursive: true });
  }
}

/** Ports that were free a moment ago. */
function findFreePorts(count: number): readonly number[] {
  const servers = Array.from({ length: count }, () =>
    Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } }),
  );
  const ports = servers.map(({ port }) => port);
  for (const server of servers) server.stop(true);
  return ports;
}

function writeConfigs(folder: string, configs: readonly unknown[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, config] of configs.entries()) {
    writeFileSync(join(folder, `${index}.yaml`), JSON.stringify(config));
  }
}

const FIXED = {
  ...{ HOST: "127.0.0.1", GRPC_HOST: "127.0.0.1", DEBUG_HOST: "127.0.0.1" },
  ...{ REDIS_SOCKET_TYPE: "unix", RUNTIME_WATCH_ROOT: "false", RUNTIME_SUBDIRECTORY: "" },
  ...{ USE_STATSD: "false", USE_PROMETHEUS: "true", STATS_FLUSH_INTERVAL: "100ms" },
};

/** Starts a limiter with these configurations. Throws when it does not answer within 20 s. */
export async function startRealLimiter(
  configs: readonly unknown[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RealLimiter> {
  const at = mkdtempSync(join(tmpdir(), "hookline-limiter-"));
  const socket = join(at, "redis.sock");
  writeConfigs(join(at, "data", "config"), configs);
  const [port = 0, grpc = 0, debug = 0, metrics = 0] = findFreePorts(4);
  const quiet = { stdout: "ignore", stderr: "ignore" } as const;
  const database = Bun.spawn(
    [redis ?? "", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", at],
    quiet,
  );
  const stop = async (...children: { kill(): void; exited: Promise<number> }[]) => {
    for (const child of children) child.kill();
    await Promise.all(children.map(({ exited }) => exited));
    rmSync(at, { recursive: true });
  };
  await poll(async () => (await Bun.file(socket).stat()).isSocket());
  const child = Bun.spawn([service ?? ""], {
    ...quiet,
    env: {
      ...{ PORT: `${port}`, GRPC_PORT: `${grpc}`, DEBUG_PORT: `${debug}` },
      ...{ REDIS_URL: socket, RUNTIME_ROOT: join(at, "data") },
      ...{ ...FIXED, PROMETHEUS_ADDR: `127.0.0.1:${metrics}` },
      ...environment,
    },
  });
  const base = `http://127.0.0.1:${port}`;
  await poll(async () => (await fetch(`${base}/healthcheck`)).status === 200).catch(
    async (error: unknown) => {
      await stop(child, database);
      throw error;
    },
  );
  return {
    check: async (domain, descriptors, hits) => {
      const body = JSON.stringify(buildCall(domain, descriptors, hits));
      const response = await fetch(`${base}/json`, { method: "POST", body });
      return Answer.parse(await response.json());
    },
    metrics: async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text(),
    [Symbol.asyncDispose]: () => stop(child, database),
  };
}

/** Asks until the answer is true. */
export async function poll(ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    if (await ask().catch(() => false)) return;
    await Bun.sleep(10);
  }
  throw new Error("It did not become so within 20 s");
}

/** A RateLimitRequest in JSON. */
function buildCall(domain: string, descriptors: readonly DescriptorCall[], hits: number) {
  return {
    domain,
    hitsAddend: hits,
    descriptors: descriptors.map(({ entries, limit, hits: own }) => ({
      entries: entries.map(([key, value]) => ({ key, value })),
      ...(own === undefined ? {} : { hitsAddend: `${own}` }),
      ...(limit === undefined
        ? {}
        : { limit: { requestsPerUnit: limit.requestsPerUnit, unit: limit.unit.toUpperCase() } }),
    })),
  };
}
