import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { credentials } from "../commands/credentials.ts";
import { status } from "../commands/status.ts";
import { uninstall } from "../commands/uninstall.ts";
import { runStages } from "../commands/up.ts";
import { readInstallation } from "../installation.ts";
import { applyResource } from "../kube/apply.ts";
import { createDiscovery } from "../kube/discovery.ts";
import type { Resource } from "../kube/resource.ts";
import { parseOptions } from "../options.ts";
import { startControllers } from "../testing/controllers.ts";
import { type Judge, startFakeArgoCd, WELL } from "../testing/fake-argo-cd.ts";
import { isBuilt } from "../testing/test-cluster.ts";
import { ROOT, startTestRun, type TestRun } from "../testing/test-run.ts";

// api-server.test.ts says so where no API server is built.
const absent = !isBuilt();

let run: TestRun;
let installation: Resource[];
beforeAll(async () => {
  if (absent) return;
  run = await startTestRun();
  installation = await readInstallation({ root: ROOT, prepared: run.prepared });
}, 200_000);
afterAll(() => run?.stop(), 30_000);

/** The README's run of the stages, less what depends on how fast Argo CD is. */
async function readTranscript(): Promise<string[]> {
  const readme = await Bun.file(join(ROOT, "bootstrap", "README.md")).text();
  const [, block = ""] = /```console\n\$ bun run bootstrap\n([\s\S]*?)```/.exec(readme) ?? [];
  return block.trimEnd().split("\n").filter(isStable);
}

const isStable = (line: string) => !/^ {4}(\S+ is \S+, |…)/.test(line);

/** A test cluster and its repository under the names that Vagrant's have. */
const asInReadme = (text: string) =>
  text
    .replace(`${run.cluster.server} (context test)`, "https://192.168.56.10:6443 (context default)")
    .replaceAll(run.repository.url, "ssh://git@192.168.56.10/srv/git/hookline.git");

/** Runs with stand-ins for the controllers and for Argo CD. */
async function withFakes<T>(judge: Judge, act: () => Promise<T>): Promise<T> {
  const controllers = startControllers(run.admin);
  const argoCd = startFakeArgoCd(run.admin, judge);
  try {
    return await act();
  } finally {
    await argoCd.stop();
    await controllers.stop();
  }
}

const contextOf = (...words: string[]) => ({
  options: parseOptions(["--timeout", "120", ...words], ROOT),
  root: ROOT,
  report: run.report,
  connect: () => run.admin,
});

describe.skipIf(absent)("the five stages, with a stand-in for Argo CD", () => {
  test("end when all is synced and healthy, and can be repeated", async () => {
    await withFakes(
      () => WELL,
      async () => {
        run.told.length = 0;
        await runStages(run.with());
        expect(await readTranscript()).toEqual(
          run.told.flatMap((text) => asInReadme(text).split("\n")).filter(isStable),
        );
        run.told.length = 0;
        await runStages(run.with());
      },
    );
    expect(run.told.filter((line) => /^\d\/5/.test(line)).map((line) => line.slice(0, 12))).toEqual(
      ["1/5 Reach th", "2/5 Install ", "3/5 Give it ", "4/5 Apply th", "5/5 Wait unt"],
    );
    expect(run.told).toContain(
      `    ${installation.length} resources: ${installation.length} unchanged`,
    );
    expect(run.told).toContain("    Application argocd/root: unchanged");
    expect(run.told.at(-1)).toStartWith("Argo CD is in charge");
  }, 300_000);

  test.each([
    [
      "a degraded resource",
      {
        ...WELL,
        health: { status: "Degraded" },
        resources: [
          { kind: "Service", name: "app", health: { status: "Healthy" } },
          {
            kind: "Deployment",
            namespace: "hookline",
            name: "app",
            health: { status: "Degraded", message: "exceeded its progress deadline" },
          },
        ],
      },
      'Cannot go on: application "hookline" does not get well: Deployment hookline/app is degraded: exceeded its progress deadline',
    ],
    [
      "manifests that cannot be made",
      { conditions: [{ type: "ComparisonError", message: "no such\n  revision" }] },
      'Cannot go on: application "hookline" does not get well: no such revision',
    ],
  ])(
    "stop at %s",
    async (_, ill, message) => {
      const judge = (name: string) => (name === "hookline" ? ill : WELL);
      const call = withFakes(judge, () => runStages(run.with()));
      await expect(call).rejects.toMatchObject({ code: "DEGRADED", message });
    },
    200_000,
  );

  test("stop when time runs out, saying what is missing", async () => {
    const judge = () => ({ sync: { status: "OutOfSync" }, health: { status: "Progressing" } });
    const call = withFakes(judge, () => runStages(run.with({ timeoutMs: 1500 })));
    await expect(call).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("root is OutOfSync, Progressing"),
    });
  }, 200_000);

  test("stop at a repository without the branch", async () => {
    const wrong = { url: run.repository.url, revision: "no-such" };
    const call = withFakes(
      () => WELL,
      () => runStages(run.with({ repository: wrong })),
    );
    await expect(call).rejects.toMatchObject({
      code: "REPOSITORY",
      message: expect.stringContaining('no branch or tag "no-such"; it has main'),
    });
  }, 200_000);
});

describe.skipIf(absent)("the commands", () => {
  test("status names each application and what is wrong with it", async () => {
    run.told.length = 0;
    await status(contextOf());
    expect(run.told.join("\n")).toMatch(/^APPLICATION +SYNC +HEALTH +REVISION\nroot +/);
  }, 120_000);

  test("credentials gives what is there and says what is not", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "argocd-initial-admin-secret", namespace: "argocd" },
      data: { password: btoa("drawn-by-argo-cd") },
    };
    const discovery = createDiscovery(run.admin);
    await applyResource(run.admin, secret, { discovery, dryRun: false, force: false });
    run.told.length = 0;
    await credentials(contextOf());
    expect(run.told).toEqual([
      "Argo CD: admin / drawn-by-argo-cd\nGrafana: not installed yet: see `bun run bootstrap status`",
    ]);
  }, 120_000);

  test("uninstall wants a word, and then leaves nothing of Argo CD", async () => {
    await expect(uninstall(contextOf("uninstall"))).rejects.toMatchObject({ code: "USAGE" });
    run.told.length = 0;
    await withFakes(
      () => WELL,
      () => uninstall(contextOf("uninstall", "--yes", "--prepared", run.prepared)),
    );
    expect(run.told.at(-1)).toBe(`    ${installation.length} resources deleted`);
    const left = await run.admin.request({
      method: "GET",
      path: "/apis/apps/v1/namespaces/argocd/deployments",
    });
    expect(left.body).toMatchObject({ items: [] });
  }, 200_000);
});
