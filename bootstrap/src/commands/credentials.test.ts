import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildKubeconfig } from "../testing/kubeconfig-text.ts";

// The command as it is typed, against what an API server answers about Secrets.

const SECRETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/api/v1/namespaces/argocd/secrets/argocd-initial-admin-secret": { password: "drawn by Argo CD" },
  "/api/v1/namespaces/monitoring/secrets/kube-prometheus-stack-grafana": {
    "admin-user": "admin",
    "admin-password": "drawn by the chart: ü",
  },
};
const folder = mkdtempSync(join(tmpdir(), "hookline-credentials-"));
const kubeconfig = join(folder, "config");
let absent: ReadonlySet<string> = new Set();
let server: ReturnType<typeof Bun.serve>;
beforeAll(() => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      const found = SECRETS[pathname];
      if (found === undefined || absent.has(pathname)) {
        const status = { apiVersion: "v1", kind: "Status", status: "Failure" };
        return Response.json({ ...status, reason: "NotFound", code: 404 }, { status: 404 });
      }
      const data = Object.entries(found).map(([key, text]) => [
        key,
        Buffer.from(text).toString("base64"),
      ]);
      return Response.json({ apiVersion: "v1", kind: "Secret", data: Object.fromEntries(data) });
    },
  });
  const address = `http://127.0.0.1:${server.port}`;
  const cluster = { "insecure-skip-tls-verify": true };
  writeFileSync(kubeconfig, buildKubeconfig({ server: address, cluster }));
});
afterAll(async () => {
  await server.stop(true);
  rmSync(folder, { recursive: true });
});

async function run(...words: string[]): Promise<string> {
  const main = join(import.meta.dirname, "..", "main.ts");
  const command = [process.execPath, main, "credentials", "--kubeconfig", kubeconfig, ...words];
  const child = Bun.spawn(command, { stdout: "pipe" });
  const output = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return output;
}

const LONG = 120_000;

describe("bun run bootstrap credentials", () => {
  test(
    "shows both passwords that a cluster drew",
    async () => {
      absent = new Set();
      expect(await run()).toBe(
        "Argo CD: admin / drawn by Argo CD\nGrafana: admin / drawn by the chart: ü\n",
      );
      expect(JSON.parse(await run("--json"))).toMatchObject({
        data: [
          { program: "Argo CD", user: "admin", password: "drawn by Argo CD" },
          { program: "Grafana", user: "admin", password: "drawn by the chart: ü" },
        ],
      });
    },
    LONG,
  );

  test(
    "says what it means that there is none",
    async () => {
      absent = new Set(Object.keys(SECRETS));
      expect(await run()).toBe(
        "Argo CD: not drawn yet, or deleted after it was changed, as it should be\n" +
          "Grafana: not installed yet: see `bun run bootstrap status`\n",
      );
    },
    LONG,
  );
});
