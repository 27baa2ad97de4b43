import { expect, test } from "bun:test";
import { createMemoryFileSystem } from "@hookline/kustomize-ts";
import { checkTree } from "./checks/check-tree.ts";
import type { Finding } from "./checks/finding.ts";
import { renderResources } from "./render.ts";
import { readTreeFiles } from "./tree-files.ts";

export interface Edit {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** A fault by its name, the check that finds it, and where. S-numbers are rows of the feature list. */
export type Fault = readonly [
  fault: string,
  check: string,
  resource: string,
  overlay: string,
  edits: readonly Edit[],
];

const files = readTreeFiles();

/** A copy of the tree with a fault in it. */
export function plantFiles(edits: readonly Edit[]): Map<string, string> {
  const planted = new Map(files);
  for (const { file, from, to } of edits) {
    const text = planted.get(file) ?? "";
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`Cannot plant: "${file}" does not have ${from}`);
    planted.set(file, changed);
  }
  return planted;
}

/** What the checks find in an overlay of a copy of the tree with a fault in it. */
export function plant(overlay: string, edits: readonly Edit[]): Finding[] {
  return checkTree(
    renderResources(`/overlays/${overlay}`, createMemoryFileSystem(plantFiles(edits))),
  );
}

/** One test for each fault. */
export function testFaults(faults: readonly Fault[]): void {
  test.each([...faults])(
    "%s: found as %s at %s",
    (_, check, resource, overlay, edits) => {
      const found = plant(overlay, edits).map(
        // ConfigMaps have a hash of what they hold at the end of their name.
        (one) => `${one.check} ${one.resource.replace(/-[a-z0-9]{10}$/, "")}`,
      );
      expect(found).toContain(`${check} ${resource}`);
    },
    120_000,
  );
}
