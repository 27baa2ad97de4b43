import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { declareApplications } from "../applications.ts";
import { CHARTS, GATEWAY } from "../charts.ts";
import { runStages } from "../commands/up.ts";
import { createDiscovery } from "../kube/discovery.ts";
import { listApplications } from "../list-applications.ts";
import { createReport } from "../report.ts";
import { PUBLISHED } from "../root.ts";
import type { Run } from "../run.ts";
import { startArgoCd } from "../testing/argo-cd.ts";
import { startChartRepository } from "../testing/chart-repository.ts";
import { connectTo } from "../testing/connect.ts";
import { startControllers } from "../testing/controllers.ts";
import { createBareRepository, rewrite, startGitServer } from "../testing/git-server.ts";
import {
  findBuilt,
  isArgoCdBuilt,
  isAskedFor,
  prepareFolder,
  startTestCluster,
  type TestCluster,
} from "../testing/test-cluster.ts";
import { readPlatformCrds } from "../testing/tree.ts";

const ROOT = join(import.meta.dir, "..", "..", "..");
const absent = !(isArgoCdBuilt() && isAskedFor());
if (absent)
  console.warn("SKIPPED: Argo CD's own programs: `bun run test:cluster` builds and runs them");

let cluster: TestCluster;
let git: ReturnType<typeof startGitServer>;
let charts: ReturnType<typeof startChartRepository>;
let argoCd: Awaited<ReturnType<typeof startArgoCd>>;
let controllers: ReturnType<typeof startControllers>;
let bare: string;

beforeAll(async () => {
  if (absent) return;
  cluster = await startTestCluster();
  charts = startChartRepository(
    join(cluster.folder, "charts"),
    listCharts(),
    new Map([["install.yaml", findBuilt("argo-cd-install.yaml")]]),
  );
  const folder = join(cluster.folder, "git");
  mkdirSync(folder);
  bare = createBareRepository(ROOT, folder, "hookline.git");
  // What only the internet has comes from loopback; nothing else of the repository is other.
  const repositories = new Set([...CHARTS, GATEWAY].map(({ repository }) => repository));
  const replace = new Map([...repositories].map((one) => [one, charts.url]));
  replace.set(INSTALLATION.url, `${charts.url}/install.yaml`);
  rewrite(bare, ["gitops/applications", "gitops/platform/argo-cd"], replace);
  git = startGitServer(folder);
  controllers = startControllers(connectTo(cluster.admin));
  argoCd = await startArgoCd(cluster);
}, 120_000);
afterAll(async () => {
  await argoCd?.stop();
  await controllers?.stop();
  git?.stop();
  charts?.stop();
  await cluster?.stop();
}, 60_000);

/** The chart with its CRDs: Istio's in its base, the operator's in its stack. */
function listCharts() {
  const crds = readPlatformCrds();
  const of = (group: string) => crds.filter(({ metadata }) => metadata.name.endsWith(group));
  const brought = new Map([
    ["base", of(".istio.io")],
    ["kube-prometheus-stack", of(".monitoring.coreos.com")],
    ["sealed-secrets", of(".bitnami.com")],
  ]);
  return [...CHARTS, GATEWAY].map(({ chart, version }) => ({
    name: chart,
    version,
    resources: brought.get(chart) ?? [],
  }));
}

const report = createReport((line) => console.info(line), { json: false });
const buildRun = (): Run => {
  const connection = connectTo(cluster.admin);
  return {
    connection,
    discovery: createDiscovery(connection),
    report,
    root: ROOT,
    prepared: prepareFolder(cluster.folder),
    repository: { url: git.url("hookline.git"), revision: "main" },
    access: {},
    overlays: [],
    dryRun: false,
    force: false,
    timeoutMs: 400_000,
    patienceMs: 90_000,
    intervalMs: 500,
  };
};

describe.skipIf(absent)("with Argo CD's own programs", () => {
  test("the stages end with every application synced and healthy", async () => {
    await runStages(buildRun());
    const applications = await listApplications(connectTo(cluster.admin));
    const declared = declareApplications(PUBLISHED).filter(({ kind }) => kind === "Application");
    const names = ["root", "hookline", ...declared.map(({ metadata }) => metadata.name)];
    expect(applications.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(applications.filter(({ done }) => !done)).toEqual([]);
  }, 600_000);
});
