import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { z } from "zod";
import { declareApplications } from "../applications.ts";
import { CHARTS, GATEWAY } from "../charts.ts";
import { uninstall } from "../commands/uninstall.ts";
import { runStages } from "../commands/up.ts";
import { parseItems } from "../kube/resource.ts";
import { waitFor } from "../kube/wait-for.ts";
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

const ROUTES = "/apis/networking.istio.io/v1/namespaces/hookline/virtualservices/app";
const Versioned = z.looseObject({
  metadata: z.looseObject({
    resourceVersion: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
});
const Operation = z.looseObject({
  phase: z.string().optional(),
  retryCount: z.number().optional(),
  message: z.string().optional(),
});
/** Between two operations there is none. */
const Operated = z.looseObject({
  status: z.looseObject({ operationState: Operation.default({}) }),
});

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

  const GONE = [
    "/apis/networking.istio.io/v1/namespaces/hookline/destinationrules/app-v2",
    "/apis/apps/v1/namespaces/hookline/deployments/app-v2",
    "/apis/policy/v1/namespaces/hookline/poddisruptionbudgets/app-v2",
  ];
  /** Lets a resource go that was told to, as the garbage collector does, which does not run here. */
  const collectGarbage = (path: string) =>
    run.admin.request({
      method: "PATCH",
      path,
      contentType: "application/merge-patch+json",
      body: { metadata: { finalizers: null } },
    });
  /** A resource's version in the store, which rises with each change of any; when it was told to go, too. */
  const readResource = async (path: string) => {
    const { body } = await run.admin.request({ method: "GET", path });
    return Versioned.parse(body);
  };
  const takeCanaryOut = async () => {
    const line = "  - ../../components/canary\n";
    rewrite(run.bare, ["gitops/overlays/production"], new Map([[line, ""]]));
    const patience = { timeoutMs: 120_000, intervalMs: 500 };
    await waitFor("the canary goes", patience, async () => {
      const going = await Promise.all(GONE.map(readResource));
      return {
        done: going.every(({ metadata }) => metadata.deletionTimestamp !== undefined),
        state: JSON.stringify(going.map(({ metadata }) => metadata)),
      };
    });
    const routes = await readResource(ROUTES);
    expect(JSON.stringify(routes)).not.toContain('"subset":"v2"');
    for (const path of GONE) {
      const { metadata } = await readResource(path);
      expect(Number(metadata.resourceVersion)).toBeGreaterThan(
        Number(routes.metadata.resourceVersion),
      );
    }
    await Promise.all(GONE.map(collectGarbage));
  };

  const APPLICATION = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/hookline";
  const readOperation = async () => {
    const { body } = await run.admin.request({ method: "GET", path: APPLICATION });
    const { phase, retryCount, message } = Operated.parse(body).status.operationState;
    return { phase, retryCount, message };
  };
  const mendCommit = async () => {
    const patience = { timeoutMs: 120_000, intervalMs: 500 };
    // A new resource that Kubernetes refuses: of one that is there the comparison would fail, and no sync would begin.
    const [right = "", wrong = ""] = ["app", "App"].map(
      (name) => `kind: Service\nmetadata:\n  name: ${name}\n`,
    );
    rewrite(run.bare, ["gitops/base/app"], new Map([[right, wrong]]));
    await waitFor("a commit is refused", patience, async () => {
      const operation = await readOperation();
      return {
        done: operation.phase === "Running" && (operation.retryCount ?? 0) > 0,
        state: JSON.stringify(operation),
      };
    });
    rewrite(run.bare, ["gitops/base/app"], new Map([[wrong, right]]));
    await waitFor("the next one mends it", patience, async () => {
      const operation = await readOperation();
      return { done: operation.phase === "Succeeded", state: JSON.stringify(operation) };
    });
  };

  test("the stages end with every application synced and healthy, a canary with its routes, uninstall --orphan with what they deployed", async () => {
    await runStages(run.with(ARGO_CD_TIMES));
    const applications = await listApplications(run.admin);
    const declared = declareApplications(PUBLISHED).filter(({ kind }) => kind === "Application");
    const names = ["root", "hookline", ...declared.map(({ metadata }) => metadata.name)];
    expect(applications.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(applications.filter(({ done }) => !done)).toEqual([]);
    await takeCanaryOut();
    await mendCommit();
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
