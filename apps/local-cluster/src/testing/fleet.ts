import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPodFactory } from "../pods/create-pod.ts";
import { Fleet } from "../pods/fleet.ts";
import { readWorkload } from "../workloads/read-workload.ts";
import { parseResources } from "../workloads/resources.ts";
import type { Workload } from "../workloads/workload.ts";

const PROGRAMS = join(import.meta.dirname, "../..", "testdata/programs/obedient");

/** Probes that a test need not wait for. */
export const PROBES = {
  startupProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 1 },
  readinessProbe: {
    httpGet: { path: "/readyz", port: "http" },
    periodSeconds: 1,
    failureThreshold: 1,
  },
  livenessProbe: {
    httpGet: { path: "/healthz", port: "http" },
    periodSeconds: 1,
    failureThreshold: 1,
  },
  ports: [
    { name: "http", containerPort: 8080 },
    { name: "metrics", containerPort: 9090 },
  ],
};

/** The Deployments among the manifests, read. */
export function workloadsOf(...manifests: readonly unknown[]): Workload[] {
  const resources = parseResources(manifests);
  const modelFolder = () => join(PROGRAMS, "app");
  return resources.deployments.map((one) => readWorkload(one, { resources, modelFolder }));
}

/** A fleet of the obedient program in a folder of its own, and what ends both. */
export function createTestFleet({ programsDir = PROGRAMS } = {}) {
  const runFolder = mkdtempSync(join(tmpdir(), "hookline-fleet-"));
  const lines: string[] = [];
  const createPod = createPodFactory({
    programsDir,
    runFolder,
    revision: "test",
    localise: (_, value) => value.replace("http://model", "http://127.0.0.1:1"),
    log: (_, line) => lines.push(line),
  });
  const fleet = new Fleet({ createPod });
  const end = async () => {
    fleet.kill();
    await fleet.stop();
    if (existsSync(runFolder)) rmSync(runFolder, { recursive: true });
  };
  return { fleet, runFolder, lines, end };
}
