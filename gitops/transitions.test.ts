import { expect, test } from "bun:test";
import { createMemoryFileSystem } from "@hookline/kustomize-ts";
import { checkMeshLint } from "./checks/mesh-lint.ts";
import { readTree } from "./checks/tree.ts";
import { plantFiles } from "./plant.ts";
import { renderResources } from "./render.ts";
import { listStates } from "./sync-simulation.ts";

// What is right when a sync is through may be wrong on the way: a route to a subset that is gone answers 503.

const OVERLAY = "overlays/production/kustomization.yaml";

function render(edits: Parameters<typeof plantFiles>[0]) {
  const fs = createMemoryFileSystem(plantFiles(edits));
  const rendered = renderResources("/overlays/production", fs);
  return readTree(rendered).resources.map((one, index) => ({ ...one, rendered: rendered[index] }));
}

const whole = render([]);
const without = (component: string) =>
  render([{ file: OVERLAY, from: `  - ../../components/${component}\n`, to: "" }]);

/** The routes to nowhere of each state, one after another. */
function listLost(before: typeof whole, after: typeof whole): string[] {
  return listStates(before, after).flatMap((state) =>
    checkMeshLint(readTree(state.map(({ rendered }) => rendered)))
      .filter(({ check }) => check === "route-exists")
      .map(({ resource, message }) => `${resource} ${message}`),
  );
}

test.each(["autoscale", "canary", "shadow"])(
  "at no time while %s is added to production or taken out of it a route goes nowhere",
  (component) => {
    expect(listLost(without(component), whole)).toEqual([]);
    expect(listLost(whole, without(component))).toEqual([]);
  },
  120_000,
);
