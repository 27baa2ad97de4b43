import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiscovery } from "../kube/discovery.ts";
import { createReport } from "../report.ts";
import { connectTo } from "../testing/connect.ts";
import { buildKubeconfig } from "../testing/kubeconfig-text.ts";
import { applyResources } from "./apply-resources.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-apply-"));
const TYPES = { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] };

/** Has nothing yet, and takes all. */
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    if (new URL(request.url).pathname === "/api/v1") return Response.json(TYPES);
    if (request.method === "PATCH") return Response.json(await request.json(), { status: 201 });
    return Response.json({ message: "not found" }, { status: 404 });
  },
});
afterAll(() => {
  server.stop(true);
  rmSync(folder, { recursive: true });
});

test.each([
  [1, "1 resource: 1 created"],
  [2, "2 resources: 2 created"],
])("applyResources() tells of %i as people do", async (count, sentence) => {
  const kubeconfig = join(folder, "config");
  const cluster = { "insecure-skip-tls-verify": true };
  const address = `http://127.0.0.1:${server.port}`;
  writeFileSync(kubeconfig, buildKubeconfig({ server: address, cluster, user: {} }));
  const connection = connectTo(kubeconfig);
  const told: string[] = [];
  const resources = Array.from({ length: count }, (_, at) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `one-${at}`, namespace: "ns" },
  }));
  await applyResources(
    {
      connection,
      discovery: createDiscovery(connection),
      report: createReport((line) => told.push(line.trim()), { json: false }),
      root: "",
      prepared: "",
      repository: { url: "", revision: "" },
      access: {},
      overlays: [],
      charts: undefined,
      dryRun: false,
      force: false,
      timeoutMs: 1_000,
      patienceMs: 0,
      intervalMs: 50,
    },
    resources,
  );
  expect(told).toEqual([sentence]);
});
