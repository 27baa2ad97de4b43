import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOptions } from "../options.ts";
import { createReport } from "../report.ts";
import { connectTo } from "../testing/connect.ts";
import { buildKubeconfig } from "../testing/kubeconfig-text.ts";
import { open } from "./open.ts";

const ROOT = join(import.meta.dir, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "hookline-open-"));
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: () => Response.json({ message: "services not found" }, { status: 404 }),
});
afterAll(() => {
  server.stop(true);
  rmSync(folder, { recursive: true });
});

function openAt(address: string): { readonly call: Promise<void>; readonly told: string[] } {
  const kubeconfig = join(folder, "config");
  writeFileSync(
    kubeconfig,
    buildKubeconfig({ server: address, cluster: { "insecure-skip-tls-verify": true }, user: {} }),
  );
  const told: string[] = [];
  const report = createReport((line) => told.push(line), { json: false });
  const options = parseOptions(["open"], ROOT);
  const connect = () => connectTo(kubeconfig);
  return { call: open({ options, root: ROOT, report, connect }), told };
}

test("open names each page that is not up, and ends when none is", async () => {
  const { call, told } = openAt(`http://127.0.0.1:${server.port}`);
  await expect(call).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: "Cannot open a page: none is up",
  });
  expect(told.map((line) => line.trim().split(":")[0])).toEqual([
    "Argo CD",
    "Grafana",
    "Prometheus",
    "Alertmanager",
    "The app (production)",
  ]);
});

test("open says once that the cluster does not answer", async () => {
  const { call, told } = openAt("http://127.0.0.1:9");
  await expect(call).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(told).toEqual([]);
});
