import { join } from "node:path";
import type { Launch } from "../pods/pod.ts";
import type { ThirdPartyName } from "../workloads/images.ts";
import type { PodTemplate } from "../workloads/workload.ts";

/** Programs of others that are run when they are installed. */
export type ProgramName = "alertmanager" | "prometheus" | ThirdPartyName;
export type Binaries = Readonly<Partial<Record<ProgramName, string>>>;

/** Looks for them: in the PATH, and the limiter where `.ci/build-limiter` puts it, too. */
export function findBinaries(root: string): Binaries {
  const found = {
    redis: Bun.which("redis-server"),
    // It counts in Redis, and cannot do without.
    ratelimit:
      Bun.which("redis-server") &&
      (Bun.which("ratelimit") ?? Bun.which("service_cmd", { PATH: join(root, ".cache/limiter") })),
    mailpit: Bun.which("mailpit"),
    prometheus: Bun.which("prometheus"),
    // Debian's name for it comes second.
    alertmanager: Bun.which("alertmanager") ?? Bun.which("prometheus-alertmanager"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, path]) => path !== null));
}

interface DescribeLaunchOptions {
  readonly binary: string;
  readonly template: PodTemplate;
  /** A port of the container, by its name, on the loopback interface. */
  readonly port: (name: string) => number;
  /** A folder of the program's own, which it finds as it left it when it starts anew. */
  readonly folder: string;
}

/** The command and the variables by which each program listens where it is told to, and nowhere else. */
export const LAUNCHES: Readonly<
  Record<
    ProgramName,
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
      // It would ask its maker's site for a newer one.
      "--disable-version-check",
    ],
  }),
  prometheus: ({ binary, port, folder }) => ({
    command: [
      binary,
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port("http")}`,
      "--web.enable-lifecycle",
    ],
  }),
  alertmanager: ({ binary, port, folder }) => ({
    command: [
      binary,
      `--config.file=${join(folder, "alertmanager.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port("http")}`,
      // One of its kind has nobody to gossip with.
      "--cluster.listen-address=",
    ],
  }),
};
