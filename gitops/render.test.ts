import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { checkTree } from "./checks/check-tree.ts";
import { readTree } from "./checks/tree.ts";
import { copyTree } from "./copy-tree.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { hasRenderer, listOverlays, parseResources, renderText } from "./render.ts";

const absent = !hasRenderer();
if (absent) console.warn("gitops/render.test.ts: kubectl is not installed, nothing is rendered");
const LONG = 60_000;

describe.skipIf(absent)("the overlays", () => {
  test("are the four features and production", () => {
    expect(listOverlays()).toEqual(["canary", "monitoring", "production", "ratelimit", "shadow"]);
  });

  test.each(listOverlays())(
    "%s renders to its golden file",
    async (overlay) => {
      expect(await renderGolden(overlay)).toBe(await Bun.file(goldenPath(overlay)).text());
    },
    LONG,
  );

  test.each(listOverlays())("%s keeps its promises", async (overlay) => {
    const text = await Bun.file(goldenPath(overlay)).text();
    expect(checkTree(parseResources(text))).toEqual([]);
  });

  test("have namespaces of their own", async () => {
    const texts = listOverlays().map((overlay) => Bun.file(goldenPath(overlay)).text());
    const names = (await Promise.all(texts)).flatMap((text) =>
      readTree(parseResources(text)).resources.flatMap(({ kind, metadata }) =>
        kind === "Namespace" ? [metadata.name] : [],
      ),
    );
    expect(names.sort()).toEqual([
      "hookline",
      "hookline-canary",
      "hookline-monitoring",
      "hookline-ratelimit",
      "hookline-shadow",
    ]);
  });
});

const COMPONENTS = ["canary", "monitoring", "ratelimit", "shadow"];
/** What each component adds to the routes of the gateway, and of the model. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  canary: ["app: header-v2", "app: header-v1", "app: cookie-v2", "app: cookie-v1"],
  shadow: ["model-service: live"],
};

describe.skipIf(absent)("any subset of the components", () => {
  const copy = copyTree();
  afterAll(copy.remove);

  const subsets = listSubsets(COMPONENTS).flatMap((subset) => [subset, ["autoscale", ...subset]]);

  test("are sixteen, with and without the autoscaler", () => {
    expect(new Set(subsets.map((subset) => subset.join())).size).toBe(32);
  });

  test.each(subsets.map((subset) => [subset.join(" + ") || "none", subset] as const))(
    "%s: renders, keeps every route and every promise",
    async (_, subset) => {
      const path = join(copy.path, "overlays", `subset-${subset.join("-")}`);
      await writeOverlay(path, subset);
      const rendered = parseResources(await renderText(path));
      expect(checkTree(rendered)).toEqual([]);
      const names = readTree(rendered).virtualServices.flatMap(({ metadata, spec }) =>
        spec.http.map(({ name }) => `${metadata.name}: ${name}`),
      );
      const wished = ["app: hidden", "app: app", ...subset.flatMap((one) => ROUTES[one] ?? [])];
      expect(names.sort()).toEqual(wished.sort());
    },
    LONG,
  );
});

function listSubsets([first, ...rest]: readonly string[]): string[][] {
  if (first === undefined) return [[]];
  const without = listSubsets(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}

/** Who needs which of production's replacements, by the Service that they start from. */
const REPLACED_BY = new Map([
  ["mailpit", "monitoring"],
  ["ratelimit", "ratelimit"],
]);
const Production = z.object({
  replacements: z.array(z.looseObject({ source: z.looseObject({ name: z.string() }) })),
});

/** An overlay of these components, with production's own settings that go with them. */
async function writeOverlay(path: string, components: readonly string[]): Promise<void> {
  mkdirSync(path, { recursive: true });
  const production = join(path, "..", "production", "kustomization.yaml");
  const { replacements } = Production.parse(parse(await Bun.file(production).text()));
  const overlay = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: "hookline-subset",
    resources: ["../../base"],
    components: components.map((component) => `../../components/${component}`),
    replacements: replacements.filter(({ source }) =>
      components.includes(REPLACED_BY.get(source.name) ?? ""),
    ),
  };
  await Bun.write(join(path, "kustomization.yaml"), stringify(overlay));
}
