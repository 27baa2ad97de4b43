import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@hookline/kustomize-ts";
import type { JsonObject } from "../types.ts";

const TREE = join(import.meta.dir, "../../../..", "gitops");
const COMPONENTS = ["canary", "monitoring", "ratelimit", "shadow"];

export interface Subset {
  readonly name: string;
  readonly components: readonly string[];
  readonly resources: readonly JsonObject[];
}

/** What each of the sixteen subsets of the components renders to, in the namespace "subset". */
export function renderSubsets(): Subset[] {
  const copy = mkdtempSync(join(tmpdir(), "hookline-mesh-"));
  try {
    for (const folder of ["base", "components"]) {
      cpSync(join(TREE, folder), join(copy, folder), { recursive: true });
    }
    return listSubsets(COMPONENTS).map((components) => {
      const name = components.join(" + ") || "none";
      const folder = join(copy, "overlays", components.join("-") || "none");
      mkdirSync(folder, { recursive: true });
      const kustomization = {
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace: "subset",
        resources: ["../../base"],
        components: components.map((one) => `../../components/${one}`),
      };
      writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
      const resources = build(folder).resources.map(({ value }) => value);
      return { name, components, resources };
    });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function listSubsets([first, ...rest]: readonly string[]): string[][] {
  if (first === undefined) return [[]];
  const without = listSubsets(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}
