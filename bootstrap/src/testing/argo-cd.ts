import { cpSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { connectTo } from "./connect.ts";
import { findBuilt, findPort, type TestCluster } from "./test-cluster.ts";

const ConfigMap = z.looseObject({ data: z.record(z.string(), z.string()) });

/** What its programs, without a webhook and beside other work, need. */
export const ARGO_CD_TIMES = { timeoutMs: 400_000, patienceMs: 90_000, intervalMs: 500 } as const;

/**
 * Argo CD's own programs, outside of the cluster as its developers run them: the controllers and
 * the repository server, with a Redis. No server and no page: nobody looks.
 */
export async function startArgoCd({ folder, admin }: TestCluster, variables = {}) {
  const home = join(folder, "argo-cd");
  for (const one of [".kube", "tls", "ssh", "log", "tmp"])
    mkdirSync(join(home, one), { recursive: true });
  cpSync(admin, join(home, ".kube", "config"));
  await Bun.write(join(home, "ssh", "ssh_known_hosts"), "");
  const ports: number[] = [];
  while (ports.length < 7) ports.push(await findPort());
  const [redis, repo, ...free] = ports;
  const environment = {
    ...buildEnvironment(home, admin),
    REDIS_SERVER: `127.0.0.1:${redis}`,
    ...variables,
  };
  const mount = mountCertificates(admin, join(home, "tls"));
  const running = new Set<Bun.Subprocess>();
  let stopped = false;
  // A program that ends is begun again, as a kubelet does: before the installation is there they
  // find no configuration.
  const start = async (words: readonly string[], log: string) => {
    while (!stopped) {
      const file = Bun.file(join(home, "log", log));
      const options = { env: environment, stdin: "ignore", stdout: file, stderr: file } as const;
      const program = Bun.spawn([...words], options);
      running.add(program);
      await program.exited;
      running.delete(program);
      await Bun.sleep(500);
    }
  };
  const programs = listPrograms({ redis, repo, free, admin }).map(({ words, log }) =>
    start(words, log),
  );
  return {
    logs: join(home, "log"),
    stop: async () => {
      stopped = true;
      await mount.stop();
      for (const program of running) program.kill();
      await Promise.all(programs);
    },
  };
}

/** What a kubelet would do: the certificates that Argo CD is to believe become files. */
function mountCertificates(admin: string, folder: string) {
  const connection = connectTo(admin);
  const path = "/api/v1/namespaces/argocd/configmaps/argocd-tls-certs-cm";
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      const { body } = await connection.request({ method: "GET", path });
      const found = ConfigMap.safeParse(body);
      for (const [name, text] of Object.entries(found.data?.data ?? {})) {
        await Bun.write(join(folder, name), text);
      }
      await Bun.sleep(500);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
}

function buildEnvironment(home: string, admin: string) {
  return {
    ...process.env,
    HOME: home,
    TMPDIR: join(home, "tmp"),
    KUBECONFIG: admin,
    PATH: [findBuilt(""), process.env["PATH"]].join(delimiter),
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_GPG_ENABLED: "false",
    ARGOCD_TLS_DATA_PATH: join(home, "tls"),
    ARGOCD_SSH_DATA_PATH: join(home, "ssh"),
  };
}

interface Ports {
  readonly redis: number | undefined;
  readonly repo: number | undefined;
  readonly free: readonly number[];
  readonly admin: string;
}

function listPrograms({ redis, repo, free, admin }: Ports) {
  const repository = `127.0.0.1:${repo}`;
  const common = ["--kubeconfig", admin, "--namespace", "argocd", "--repo-server-plaintext"];
  const at = ["--address", "127.0.0.1", "--port", `${repo}`, "--metrics-port", `${free[0]}`];
  const metrics = ["--repo-server", repository, "--metrics-port", `${free[1]}`];
  // As gitops/platform/argo-cd sets them, but looking again sooner: nobody pushes a webhook.
  const diffs = ["--server-side-diff-enabled", "--persist-resource-health"];
  const soon = ["--app-resync", "10", "--app-resync-jitter", "0"];
  const fresh = ["--revision-cache-expiration", "5s"];
  const addresses = [
    ["--argocd-repo-server", repository],
    ["--metrics-addr", `127.0.0.1:${free[2]}`],
    ["--probe-addr", `127.0.0.1:${free[3]}`],
    ["--webhook-addr", `127.0.0.1:${free[4]}`],
  ].flat();
  return [
    {
      log: "redis",
      words: ["redis-server", "--port", `${redis}`, "--bind", "127.0.0.1", "--save", ""],
    },
    {
      log: "repo-server",
      words: [
        findBuilt("argocd-repo-server"),
        ...at,
        ...fresh,
        "--disable-tls",
        "--client-ca-path=",
      ],
    },
    {
      log: "application-controller",
      words: [findBuilt("argocd-application-controller"), ...common, ...metrics, ...diffs, ...soon],
    },
    {
      log: "applicationset-controller",
      words: [findBuilt("argocd-applicationset-controller"), ...common, ...addresses],
    },
  ];
}
