import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { credentials } from "../commands/credentials.ts";
import { status } from "../commands/status.ts";
import { uninstall } from "../commands/uninstall.ts";
import { runStages } from "../commands/up.ts";
import { readInstallation } from "../installation.ts";
import { applyResource } from "../kube/apply.ts";
import { applyAll } from "../kube/apply-all.ts";
import type { Connection } from "../kube/connection.ts";
import { createDiscovery } from "../kube/discovery.ts";
import { parseResource, type Resource } from "../kube/resource.ts";
import { parseOptions } from "../options.ts";
import { createReport } from "../report.ts";
import type { Run } from "../run.ts";
import { reach } from "../stages/reach.ts";
import { connectTo } from "../testing/connect.ts";
import { startControllers } from "../testing/controllers.ts";
import { type Judge, startFakeArgoCd, WELL } from "../testing/fake-argo-cd.ts";
import { createBareRepository, startGitServer } from "../testing/git-server.ts";
import {
  isBuilt,
  NOT_BUILT,
  prepareFolder,
  startTestCluster,
  type TestCluster,
} from "../testing/test-cluster.ts";
import { readPlatformCrds } from "../testing/tree.ts";

const ROOT = join(import.meta.dir, "..", "..", "..");
const absent = !isBuilt();
if (absent) console.warn(`bootstrap against an API server: ${NOT_BUILT}`);

let cluster: TestCluster;
let admin: Connection;
let repository: ReturnType<typeof startGitServer>;
let prepared: string;
let installation: Resource[];
const told: string[] = [];

beforeAll(async () => {
  if (absent) return;
  cluster = await startTestCluster();
  admin = connectTo(cluster.admin);
  const git = join(cluster.folder, "git");
  mkdirSync(git);
  createBareRepository(ROOT, git, "hookline.git");
  repository = startGitServer(git);
  prepared = prepareFolder(cluster.folder);
  installation = await readInstallation({ root: ROOT, prepared });
}, 90_000);
afterAll(async () => {
  repository?.stop();
  await cluster?.stop();
}, 30_000);

const report = createReport((line) => told.push(line), { json: false });
const runOf = (rest: Partial<Run> = {}): Run => ({
  connection: admin,
  discovery: createDiscovery(admin),
  report,
  root: ROOT,
  prepared,
  repository: { url: repository.url("hookline.git"), revision: "main" },
  access: {},
  overlays: [],
  dryRun: false,
  force: false,
  timeoutMs: 30_000,
  patienceMs: 0,
  intervalMs: 50,
  ...rest,
});

describe.skipIf(absent)("an API server", () => {
  test("takes a dry run and keeps nothing of it", async () => {
    told.length = 0;
    await runStages(runOf({ dryRun: true }));
    expect(told.join("\n")).toContain("Deployment argocd/argocd-server: would be created");
    expect(told.at(-1)).toContain("this was a dry run");
    const { status } = await admin.request({ method: "GET", path: "/api/v1/namespaces/argocd" });
    expect(status).toBe(404);
  }, 60_000);

  test("refuses a user without rights, naming what is missing", async () => {
    const connection = connectTo(cluster.nobody);
    await expect(reach(runOf({ connection }))).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(
        /^Cannot install Argo CD: user "nobody" may not create namespaces, patch namespaces,.* and \d+ more$/,
      ),
      next: expect.stringContaining("--clusterrole=cluster-admin --user=nobody"),
    });
  }, 30_000);

  test("refuses what a CRD does not allow, in its own words", async () => {
    const crds = readPlatformCrds().filter(({ metadata }) => metadata.name.startsWith("virtuals"));
    const discovery = createDiscovery(admin);
    const kept = { dryRun: false, force: false, timeoutMs: 30_000 };
    await applyAll(admin, crds, { discovery, ...kept });
    const wrong = parseResource({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "wrong", namespace: "default" },
      spec: { http: [{ route: [{ destination: { host: "app" }, weight: "ten" }] }] },
    });
    await expect(applyResource(admin, wrong, { discovery, ...kept })).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot apply VirtualService default\/wrong: .*weight/),
    });
  }, 30_000);
});

describe.skipIf(absent)("applyResource() where somebody else set a field", () => {
  const config = (value: string): Resource => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "shared", namespace: "default" },
    data: { value },
  });
  const applyAs = (manager: string, value: string) =>
    admin.request({
      method: "PATCH",
      path: `/api/v1/namespaces/default/configmaps/shared?fieldManager=${manager}&force=true`,
      contentType: "application/apply-patch+yaml",
      body: config(value),
    });
  const apply = (force: boolean) =>
    applyResource(admin, config("ours"), {
      discovery: createDiscovery(admin),
      dryRun: false,
      force,
    });

  test("stops, and takes it over when forced", async () => {
    await applyAs("kubectl", "theirs");
    await expect(apply(false)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/conflict with "kubectl".*\.data\.value/s),
      next: expect.stringContaining("--force"),
    });
    expect(await apply(true)).toBe("changed");
    expect(await apply(false)).toBe("unchanged");
  }, 30_000);

  test("keeps the word of Argo CD, which is in charge", async () => {
    await applyAs("argocd-controller", "by Git");
    expect(await apply(false)).toBe("kept");
  }, 30_000);
});

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
    .replace(`${cluster.server} (context test)`, "https://192.168.56.10:6443 (context default)")
    .replaceAll(repository.url("hookline.git"), "ssh://git@192.168.56.10/srv/git/hookline.git");

/** Runs with stand-ins for the controllers and for Argo CD. */
async function withFakes<T>(judge: Judge, act: () => Promise<T>): Promise<T> {
  const controllers = startControllers(admin);
  const argoCd = startFakeArgoCd(admin, judge);
  try {
    return await act();
  } finally {
    await argoCd.stop();
    await controllers.stop();
  }
}

const contextOf = (...words: string[]) => ({
  options: parseOptions(["--timeout", "20", ...words], ROOT),
  root: ROOT,
  report,
  connect: () => admin,
});

describe.skipIf(absent)("the five stages, with a stand-in for Argo CD", () => {
  test("end when all is synced and healthy, and can be repeated", async () => {
    await withFakes(
      () => WELL,
      async () => {
        told.length = 0;
        await runStages(runOf());
        expect(await readTranscript()).toEqual(
          told.flatMap((text) => asInReadme(text).split("\n")).filter(isStable),
        );
        told.length = 0;
        await runStages(runOf());
      },
    );
    expect(told.filter((line) => /^\d\/5/.test(line)).map((line) => line.slice(0, 12))).toEqual([
      "1/5 Reach th",
      "2/5 Install ",
      "3/5 Give it ",
      "4/5 Apply th",
      "5/5 Wait unt",
    ]);
    expect(told).toContain(
      `    ${installation.length} resources: ${installation.length} unchanged`,
    );
    expect(told).toContain("    Application argocd/root: unchanged");
    expect(told.at(-1)).toStartWith("Argo CD is in charge");
  }, 90_000);

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
      'Application "hookline" does not get well: Deployment hookline/app is degraded: exceeded its progress deadline',
    ],
    [
      "manifests that cannot be made",
      { conditions: [{ type: "ComparisonError", message: "no such\n  revision" }] },
      'Application "hookline" does not get well: no such revision',
    ],
  ])(
    "stop at %s",
    async (_, ill, message) => {
      const judge = (name: string) => (name === "hookline" ? ill : WELL);
      const call = withFakes(judge, () => runStages(runOf()));
      await expect(call).rejects.toMatchObject({ code: "DEGRADED", message });
    },
    60_000,
  );

  test("stop when time runs out, saying what is missing", async () => {
    const judge = () => ({ sync: { status: "OutOfSync" }, health: { status: "Progressing" } });
    const call = withFakes(judge, () => runStages(runOf({ timeoutMs: 1500 })));
    await expect(call).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("root is OutOfSync, Progressing"),
    });
  }, 60_000);

  test("stop at a repository without the branch", async () => {
    const wrong = { url: repository.url("hookline.git"), revision: "no-such" };
    const call = withFakes(
      () => WELL,
      () => runStages(runOf({ repository: wrong })),
    );
    await expect(call).rejects.toMatchObject({
      code: "REPOSITORY",
      message: expect.stringContaining('no branch or tag "no-such"; it has main'),
    });
  }, 60_000);
});

describe.skipIf(absent)("the commands", () => {
  test("status names each application and what is wrong with it", async () => {
    told.length = 0;
    await status(contextOf());
    expect(told.join("\n")).toMatch(/^APPLICATION +SYNC +HEALTH +REVISION\nroot +/);
  }, 30_000);

  test("credentials gives what is there and says what is not", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "argocd-initial-admin-secret", namespace: "argocd" },
      data: { password: btoa("drawn-by-argo-cd") },
    };
    const discovery = createDiscovery(admin);
    await applyResource(admin, secret, { discovery, dryRun: false, force: false });
    told.length = 0;
    await credentials(contextOf());
    expect(told).toEqual([
      "Argo CD: admin / drawn-by-argo-cd\nGrafana: not installed yet: see `bun run bootstrap status`",
    ]);
  }, 30_000);

  test("uninstall wants a word, and then leaves nothing of Argo CD", async () => {
    await expect(uninstall(contextOf("uninstall"))).rejects.toMatchObject({ code: "USAGE" });
    told.length = 0;
    await withFakes(
      () => WELL,
      () => uninstall(contextOf("uninstall", "--yes", "--prepared", prepared)),
    );
    expect(told.at(-1)).toBe(`    ${installation.length} resources deleted`);
    const left = await admin.request({
      method: "GET",
      path: "/apis/apps/v1/namespaces/argocd/deployments",
    });
    expect(left.body).toMatchObject({ items: [] });
  }, 60_000);
});
