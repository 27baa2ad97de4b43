import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PREPARED_INSTALLATION } from "../installation.ts";
import { createCertificates } from "./certificates.ts";
import { buildKubeconfig, toData } from "./kubeconfig-text.ts";

const BINARIES = join(import.meta.dir, "..", "..", "..", ".cache", "kube-apiserver");

/** Where `bootstrap/test-cluster/build.sh` puts a file. */
export function findBuilt(name: string): string {
  return join(BINARIES, name);
}

/** Whether the API server is built; who skips a test without it says `NOT_BUILT` aloud. */
export function isBuilt(): boolean {
  return existsSync(findBuilt("built"));
}

/** Whether Argo CD's own programs are built too. */
export function isArgoCdBuilt(): boolean {
  return existsSync(findBuilt("built-argo-cd"));
}

/** Whether `bun run test:cluster` asks for the tests that take minutes. */
export function isAskedFor(): boolean {
  return process.env["HOOKLINE_TEST_CLUSTER"] === "1";
}

export const NOT_BUILT = "SKIPPED: `bun run test:cluster` builds an API server once and runs this";

/** A prepared folder with the installation of Argo CD in it, so that no test asks the internet. */
export function prepareFolder(folder: string): string {
  const prepared = join(folder, "prepared");
  mkdirSync(join(prepared, "manifests"), { recursive: true });
  copyFileSync(findBuilt("argo-cd-install.yaml"), join(prepared, PREPARED_INSTALLATION));
  return prepared;
}

/** A kube-apiserver and its etcd, without kubelets and controllers: what is applied stays as it is. */
export interface TestCluster {
  readonly folder: string;
  readonly server: string;
  /** Kubeconfig files: cluster-admin by client certificate, and a user without rights by token. */
  readonly admin: string;
  readonly nobody: string;
  stop(): Promise<void>;
}

/** Starts both on loopback and waits until the server is ready. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), "hookline-cluster-"));
  const { ca, client, file } = writeCertificates(folder);
  const [store, peer, port] = [await findPort(), await findPort(), await findPort()];
  const server = `https://127.0.0.1:${port}`;
  const etcd = start(folder, "etcd", listEtcdFlags(folder, { store, peer }));
  const api = start(folder, "kube-apiserver", listApiFlags({ folder, store, port }, file));
  const write = (name: string, user: Record<string, unknown>) => {
    const authority = { "certificate-authority-data": toData(ca.cert) };
    const path = join(folder, name);
    writeFileSync(path, buildKubeconfig({ server, cluster: authority, user }), { mode: 0o600 });
    return path;
  };
  const cluster: TestCluster = {
    folder,
    server,
    admin: write("admin.kubeconfig", {
      "client-certificate-data": toData(client.cert),
      "client-key-data": toData(client.key),
    }),
    nobody: write("nobody.kubeconfig", { token: "nobodys-token" }),
    stop: async () => {
      api.kill();
      await api.exited;
      etcd.kill();
      await etcd.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await waitUntilReady(server, { ca: ca.cert, cert: client.cert, key: client.key }, folder);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Of the server and its admin, and the one token that it believes. */
function writeCertificates(folder: string) {
  const certificates = createCertificates(join(folder, "pki"));
  const ca = certificates.authority("ca");
  const loopback = { authority: "ca", names: "IP:127.0.0.1,DNS:localhost" };
  certificates.leaf("server", { ...loopback, subject: "/CN=kube-apiserver" });
  const client = certificates.leaf("admin", { ...loopback, subject: "/O=system:masters/CN=admin" });
  certificates.keyPair("service-account");
  writeFileSync(join(folder, "tokens.csv"), "nobodys-token,nobody,nobody,\n");
  return { ca, client, file: certificates.file };
}

function listEtcdFlags(
  folder: string,
  { store, peer }: { readonly store: number; readonly peer: number },
): readonly string[] {
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=http://127.0.0.1:${store}`,
    `--advertise-client-urls=http://127.0.0.1:${store}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    "--log-level=error",
    "--unsafe-no-fsync",
  ];
}

interface ApiOptions {
  readonly folder: string;
  /** The port of etcd. */
  readonly store: number;
  readonly port: number;
}

function listApiFlags(
  { folder, store, port }: ApiOptions,
  file: (name: string) => string,
): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${store}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--tls-cert-file=${file("server.crt")}`,
    `--tls-private-key-file=${file("server.key")}`,
    `--client-ca-file=${file("ca.crt")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    `--service-account-key-file=${file("service-account.pub")}`,
    `--service-account-signing-key-file=${file("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--kubelet-client-certificate=${file("admin.crt")}`,
    `--kubelet-client-key=${file("admin.key")}`,
    `--kubelet-certificate-authority=${file("ca.crt")}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--service-cluster-ip-range=10.43.0.0/16",
    "--authorization-mode=RBAC",
    "--profiling=false",
  ];
}

function start(folder: string, name: string, words: readonly string[]) {
  mkdirSync(join(folder, "log"), { recursive: true });
  const log = Bun.file(join(folder, "log", name));
  return Bun.spawn([findBuilt(name), ...words], { stdout: log, stderr: log, stdin: "ignore" });
}

async function waitUntilReady(server: string, tls: Bun.TLSOptions, folder: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    const ready = await fetch(`${server}/readyz`, { tls }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await Bun.sleep(100);
  }
  throw new Error(
    `The API server did not start:\n${await Bun.file(join(folder, "log", "kube-apiserver")).text()}`,
  );
}

/** A port that was free a moment ago. */
export function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
