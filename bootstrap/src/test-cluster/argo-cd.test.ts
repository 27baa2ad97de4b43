import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { declareApplications } from "../applications.ts";
import { CHARTS, GATEWAY } from "../charts.ts";
import { uninstall } from "../commands/uninstall.ts";
import { runStages } from "../commands/up.ts";
import { parseItems } from "../kube/resource.ts";
import { listApplications } from "../list-applications.ts";
import { parseOptions } from "../options.ts";
import { PUBLISHED } from "../root.ts";
import { ARGO_CD_TIMES, startArgoCd } from "../testing/argo-cd.ts";
import { listStandIns, startChartRepository } from "../testing/chart-repository.ts";
import { startControllers } from "../testing/controllers.ts";
import { rewrite } from "../testing/git-server.ts";
import { stopAfterAll } from "../testing/stop-after-all.ts";
import { findBuilt, isArgoCdBuilt, isAskedFor } from "../testing/test-cluster.ts";
import { ROOT, startTestRun, type TestRun } from "../testing/test-run.ts";

const absent = !(isArgoCdBuilt() && isAskedFor());
if (absent)
  console.warn("SKIPPED: Argo CD's own programs: `bun run test:cluster` builds and runs them");

let run: TestRun;
const keep = stopAfterAll();

beforeAll(async () => {
  if (absent) return;
  run = keep(await startTestRun((line) => console.info(line)));
  const charts = keep(
    startChartRepository(
      join(run.cluster.folder, "charts"),
      listStandIns(),
      new Map([["install.yaml", findBuilt("argo-cd-install.yaml")]]),
    ),
  );
  // What only the internet has comes from loopback; nothing else of the repository is other.
  const repositories = new Set([...CHARTS, GATEWAY].map(({ repository }) => repository));
  const replace = new Map([...repositories].map((one) => [one, charts.url]));
  replace.set(INSTALLATION.url, `${charts.url}/install.yaml`);
  rewrite(run.bare, ["gitops/applications", "gitops/platform/argo-cd"], replace);
  keep(startControllers(run.admin));
  keep(await startArgoCd(run.cluster));
}, 120_000);

describe.skipIf(absent)("with Argo CD's own programs", () => {
  const listDeployments = async () => {
    const path = "/apis/apps/v1/namespaces/hookline/deployments";
    const { body } = await run.admin.request({ method: "GET", path });
    return parseItems(body).map(({ metadata }) => [metadata.name, metadata["deletionTimestamp"]]);
  };

  test("the stages end with every application synced and healthy, uninstall --orphan with what they deployed", async () => {
    await runStages(run.with(ARGO_CD_TIMES));
    const applications = await listApplications(run.admin);
    const declared = declareApplications(PUBLISHED).filter(({ kind }) => kind === "Application");
    const names = ["root", "hookline", ...declared.map(({ metadata }) => metadata.name)];
    expect(applications.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(applications.filter(({ done }) => !done)).toEqual([]);
    const deployed = await listDeployments();
    expect(deployed.length).toBeGreaterThan(0);
    const words = ["uninstall", "--yes", "--orphan", "--timeout", "60", "--prepared", run.prepared];
    await uninstall({
      options: parseOptions(words, ROOT),
      root: ROOT,
      report: run.report,
      connect: () => run.admin,
    });
    expect(await listDeployments()).toEqual(deployed);
  }, 600_000);
});
