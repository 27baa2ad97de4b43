import { afterAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { checkTree } from "./checks/check-tree.ts";
import { readTree } from "./checks/tree.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { listOverlays, parseResources, renderText, TREE } from "./render.ts";

const LONG = 120_000;
const kubectl = Bun.which("kubectl");
if (kubectl === null) {
  console.warn(
    "gitops/render.test.ts: kubectl is not installed, its Kustomize is not compared with",
  );
}

// Some kubectl ask their cluster for its version first, and wait for whatever listens at its default
// address: this one has a cluster where nobody listens.
const NOWHERE = {
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "nowhere", cluster: { server: "http://127.0.0.1:1" } }],
  contexts: [{ name: "nowhere", context: { cluster: "nowhere", user: "nobody" } }],
  users: [{ name: "nobody" }],
  "current-context": "nowhere",
};
const place = mkdtempSync(join(tmpdir(), "hookline-render-"));
const KUBECONFIG = join(place, "config");
writeFileSync(KUBECONFIG, stringify(NOWHERE));
afterAll(() => rmSync(place, { recursive: true }));

/** What the Kustomize inside kubectl makes of a folder. */
function renderByKubectl(directory: string): string {
  const { stdout, stderr } = Bun.spawnSync(["kubectl", "kustomize", directory], {
    env: { ...process.env, KUBECONFIG },
  });
  return stdout.length > 0 ? stdout.toString() : stderr.toString();
}

describe("the overlays", () => {
  test("are the four features, production, and what people add", () => {
    const known = ["canary", "monitoring", "production", "ratelimit", "shadow"];
    expect(listOverlays()).toEqual(expect.arrayContaining(known));
  });

  test.each(listOverlays())(
    "%s renders to its golden file",
    async (overlay) => {
      expect(renderGolden(overlay)).toBe(await Bun.file(goldenPath(overlay)).text());
    },
    LONG,
  );

  test.skipIf(kubectl === null).each(listOverlays())(
    "%s renders as by kubectl",
    (overlay) => {
      const path = join(TREE, "overlays", overlay);
      expect(renderText(path)).toBe(renderByKubectl(path));
    },
    LONG,
  );

  test.each(listOverlays())(
    "%s keeps its promises",
    async (overlay) => {
      const text = await Bun.file(goldenPath(overlay)).text();
      expect(checkTree(parseResources(text))).toEqual([]);
    },
    LONG,
  );

  test("have namespaces of their own", async () => {
    const texts = listOverlays().map((overlay) => Bun.file(goldenPath(overlay)).text());
    const names = (await Promise.all(texts)).flatMap((text) =>
      readTree(parseResources(text)).resources.flatMap(({ kind, metadata }) =>
        kind === "Namespace" ? [metadata.name] : [],
      ),
    );
    expect(new Set(names).size).toBe(listOverlays().length);
    // The project allows no other.
    expect(names.filter((name) => !/^hookline(-|$)/.test(name))).toEqual([]);
  });
});

const COMPONENTS = ["canary", "monitoring", "ratelimit", "shadow"];
/** What each component adds to the routes of the gateway, and of the model. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  canary: ["app: header-v2", "app: header-v1", "app: cookie-v2", "app: cookie-v1"],
  shadow: ["model-service: live"],
};

describe("any subset of the components", () => {
  const copy = join(place, "gitops");
  for (const folder of ["base", "components"]) {
    cpSync(join(TREE, folder), join(copy, folder), { recursive: true });
  }

  const subsets = listSubsets(COMPONENTS).flatMap((subset) => [subset, ["autoscale", ...subset]]);

  test("are sixteen, with and without the autoscaler", () => {
    expect(new Set(subsets.map((subset) => subset.join())).size).toBe(32);
  });

  test.each(subsets.map((subset) => [subset.join(" + ") || "none", subset] as const))(
    "%s: renders, keeps every route and every promise",
    (_, subset) => {
      const path = join(copy, "overlays", subset.join("-") || "none");
      writeOverlay(path, subset);
      const text = renderText(path);
      // The sixteen; production has the autoscaler as well.
      if (kubectl !== null && !subset.includes("autoscale")) {
        expect(text).toBe(renderByKubectl(path));
      }
      const rendered = parseResources(text);
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

const Production = z.object({ transformers: z.array(z.string()) });

/** An overlay of these components, with production's own settings that go with them. */
function writeOverlay(path: string, components: readonly string[]): void {
  const production = join(TREE, "overlays", "production", "kustomization.yaml");
  const { transformers } = Production.parse(parse(readFileSync(production, "utf8")));
  const overlay = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: "hookline-subset",
    resources: ["../../base"],
    components: components.map((component) => `../../components/${component}`),
    transformers: transformers.filter((path) =>
      components.some((component) => path.includes(`/components/${component}/`)),
    ),
  };
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "kustomization.yaml"), stringify(overlay));
}
