import { describe, expect, test } from "bun:test";
import { buildInstallationPatches, INSTALLATION } from "./installation.ts";

describe("INSTALLATION", () => {
  test("the address names the version, no branch", () => {
    expect(INSTALLATION.url).toContain(`/${INSTALLATION.version}/`);
    expect(INSTALLATION.version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(INSTALLATION.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("buildInstallationPatches()", () => {
  const patches = new Map(buildInstallationPatches().map((one) => [one.metadata.name, one.data]));

  test("waves of applications wait: Argo CD judges the health of its own Applications", () => {
    const lua =
      patches.get("argocd-cm")?.["resource.customizations.health.argoproj.io_Application"];
    expect(lua).toContain("obj.status.health.status");
    expect(lua?.trimEnd()).toEndWith("return health");
  });

  test("a push is seen within two minutes", () => {
    const data = patches.get("argocd-cm");
    const seconds = ["timeout.reconciliation", "timeout.reconciliation.jitter"].map((key) =>
      Number.parseInt(data?.[key] ?? "", 10),
    );
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(120);
  });

  test("compares on the server's side, as it applies, and says which resource is ill", () => {
    expect(patches.get("argocd-cmd-params-cm")).toEqual({
      "controller.diff.server.side": "true",
      "controller.resource.health.persist": "true",
    });
  });

  test("sets no password", () => {
    expect(JSON.stringify([...patches])).not.toMatch(/passw/i);
  });
});
