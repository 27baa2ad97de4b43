import { join } from "node:path";
import type { Launch } from "../pods/pod.ts";
import type { ThirdPartyName } from "../workloads/images.ts";
import type { PodTemplate } from "../workloads/workload.ts";

/** The programs of others that are installed here. */
export type Binaries = Readonly<Partial<Record<"prometheus" | ThirdPartyName, string>>>;

/** Looks for them: in the PATH, and the limiter where `.ci/build-limiter` puts it, too. */
export function findBinaries(root: string): Binaries {
  const redis = Bun.which("redis-server");
  const ratelimit =
    Bun.which("ratelimit") ?? Bun.which("service_cmd", { PATH: join(root, ".cache/limiter") });
  const mailpit = Bun.which("mailpit");
  const prometheus = Bun.which("prometheus");
  return {
    ...(redis && { redis }),
    // It counts in Redis and cannot do without.
    ...(redis && ratelimit && { ratelimit }),
    ...(mailpit && { mailpit }),
    ...(prometheus && { prometheus }),
  };
}

interface DescribeLaunchOptions {
  readonly binary: string;
  readonly template: PodTemplate;
  /** A port of the container, by its name, on the loopback interface. */
  readonly port: (name: string) => number;
}

/** The command and the variables by which each program listens where it is told to. */
export const LAUNCHES: Readonly<
  Record<
    ThirdPartyName,
    (options: DescribeLaunchOptions) => Pick<Launch, "environment"> & { command: string[] }
  >
> = {
  redis: ({ binary, template, port }) => ({
    command: [
      binary,
      ...template.args,
      ...["--bind", "127.0.0.1", "--port", `${port("tcp-redis")}`],
    ],
  }),
  ratelimit: ({ binary, port }) => ({
    command: [binary],
    environment: {
      HOST: "127.0.0.1",
      PORT: `${port("http")}`,
      GRPC_HOST: "127.0.0.1",
      GRPC_PORT: `${port("grpc")}`,
      DEBUG_HOST: "127.0.0.1",
      DEBUG_PORT: `${port("debug")}`,
      PROMETHEUS_ADDR: `127.0.0.1:${port("metrics")}`,
    },
  }),
  mailpit: ({ binary, port }) => ({
    command: [
      binary,
      ...["--listen", `127.0.0.1:${port("http")}`, "--smtp", `127.0.0.1:${port("tcp-smtp")}`],
    ],
  }),
};
