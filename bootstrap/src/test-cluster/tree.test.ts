import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readInstallation } from "../installation.ts";
import { applyAll } from "../kube/apply-all.ts";
import type { Connection } from "../kube/connection.ts";
import { createDiscovery } from "../kube/discovery.ts";
import { nameResource, parseResource, type Resource } from "../kube/resource.ts";
import { declareRoot } from "../root.ts";
import { connectTo } from "../testing/connect.ts";
import {
  isAskedFor,
  isBuilt,
  NOT_BUILT,
  prepareFolder,
  startTestCluster,
  type TestCluster,
} from "../testing/test-cluster.ts";
import { readAddons, readOverlays, readPlatformCrds } from "../testing/tree.ts";

const ROOT = join(import.meta.dir, "..", "..", "..");
const absent = !(isBuilt() && isAskedFor());
if (absent) console.warn(`the whole tree against an API server: ${NOT_BUILT}`);

let cluster: TestCluster;
let admin: Connection;

beforeAll(async () => {
  if (absent) return;
  cluster = await startTestCluster();
  admin = connectTo(cluster.admin);
}, 120_000);
afterAll(() => cluster?.stop(), 30_000);

/** Applies, and gives the outcome and the resourceVersion of each. */
async function applyAndRead(resources: readonly Resource[]) {
  const discovery = createDiscovery(admin);
  const outcomes = new Map<string, string>();
  await applyAll(admin, resources, {
    discovery,
    dryRun: false,
    force: false,
    timeoutMs: 60_000,
    onApplied: (resource, outcome) => outcomes.set(nameResource(resource), outcome),
  });
  const versions = new Map<string, string>();
  for (const resource of resources) {
    const path = (await discovery.locate(resource)) ?? "";
    const { body } = await admin.request({ method: "GET", path });
    versions.set(nameResource(resource), parseResource(body).metadata.resourceVersion ?? "");
  }
  return { outcomes, versions };
}

describe.skipIf(absent)("an API server takes, and a second time changes nothing of,", () => {
  const prepared = () => prepareFolder(cluster.folder);
  test.each<[string, () => Resource[] | Promise<Resource[]>]>([
    ["the CRDs of the platform", readPlatformCrds],
    ["Argo CD", () => readInstallation({ root: ROOT, prepared: prepared() })],
    ["Jaeger and Kiali", readAddons],
    ["the root", () => declareRoot().map((one) => parseResource(one))],
    ...readOverlays().map(({ name, resources }): [string, () => Resource[]] => [
      `overlay ${name}`,
      () => resources,
    ]),
  ])(
    "%s",
    async (name, read) => {
      const resources = await read();
      const first = await applyAndRead(resources);
      const second = await applyAndRead(resources);
      expect([...first.outcomes.values()]).toEqual(resources.map(() => "created"));
      expect([...second.outcomes.values()]).toEqual(resources.map(() => "unchanged"));
      expect(second.versions).toEqual(first.versions);
      console.info(`${name}: ${resources.length} resources`);
    },
    120_000,
  );
});
