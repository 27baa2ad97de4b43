import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { runStages } from "../commands/up.ts";
import { applyResource } from "../kube/apply.ts";
import { applyAll } from "../kube/apply-all.ts";
import type { Connection } from "../kube/connection.ts";
import { createDiscovery } from "../kube/discovery.ts";
import { parseResource, type Resource } from "../kube/resource.ts";
import { reach } from "../stages/reach.ts";
import { connectTo } from "../testing/connect.ts";
import { isBuilt, NOT_BUILT } from "../testing/test-cluster.ts";
import { startTestRun, type TestRun } from "../testing/test-run.ts";
import { readPlatformCrds } from "../testing/tree.ts";

const absent = !isBuilt();
if (absent) console.warn(`bootstrap against an API server: ${NOT_BUILT}`);

let run: TestRun;
let admin: Connection;
beforeAll(async () => {
  if (absent) return;
  run = await startTestRun();
  admin = run.admin;
}, 200_000);
afterAll(() => run?.stop(), 30_000);

describe.skipIf(absent)("an API server", () => {
  test("takes a dry run and keeps nothing of it", async () => {
    await runStages(run.with({ dryRun: true }));
    expect(run.told.join("\n")).toContain("Deployment argocd/argocd-server: would be created");
    expect(run.told.at(-1)).toContain("this was a dry run");
    const { status } = await admin.request({ method: "GET", path: "/api/v1/namespaces/argocd" });
    expect(status).toBe(404);
  }, 200_000);

  test("refuses a user without rights, naming what is missing", async () => {
    const connection = connectTo(run.cluster.nobody);
    await expect(reach(run.with({ connection }))).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(
        /^Cannot install Argo CD: user "nobody" may not create namespaces, patch namespaces,.* and \d+ more$/,
      ),
      next: expect.stringContaining("--clusterrole=cluster-admin --user=nobody"),
    });
  }, 120_000);

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
  }, 120_000);
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
  }, 120_000);

  test("keeps the word of Argo CD, which is in charge", async () => {
    await applyAs("argocd-controller", "by Git");
    expect(await apply(false)).toBe("kept");
  }, 120_000);
});
