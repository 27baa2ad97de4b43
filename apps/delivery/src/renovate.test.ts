import { expect, test } from "bun:test";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../../..");

const Renovate = z.object({
  kustomize: z.object({ managerFilePatterns: z.array(z.string()) }),
  customManagers: z.array(
    z.object({
      description: z.string(),
      managerFilePatterns: z.array(z.string()),
      matchStrings: z.array(z.string()),
    }),
  ),
});
const renovate = Renovate.parse(JSON.parse(readFileSync(join(ROOT, "renovate.json"), "utf8")));
const FILES = globSync("{bootstrap,gitops}/**/*", {
  cwd: ROOT,
  exclude: (path) => path.includes("node_modules"),
});

/** The files that patterns of Renovate, regular expressions between slashes, select. */
function selectFiles(patterns: readonly string[]): string[] {
  const expressions = patterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
  return FILES.filter((file) => expressions.some((expression) => expression.test(file)));
}

function findVersions({
  managerFilePatterns,
  matchStrings,
}: z.infer<typeof Renovate>["customManagers"][number]) {
  return selectFiles(managerFilePatterns).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return matchStrings.flatMap((expression) =>
      [...text.matchAll(new RegExp(expression, "g"))].map(({ groups }) => groups?.["currentValue"]),
    );
  });
}

test.each(renovate.customManagers)("Renovate finds a version: $description", (manager) => {
  const versions = findVersions(manager);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((version) => !/^v?\d+\.\d+\.\d+/.test(version ?? ""))).toEqual([]);
});

test("Renovate finds the version of every chart", () => {
  const charts = readFileSync(join(ROOT, "bootstrap/src/charts.ts"), "utf8");
  const pinned = [...charts.matchAll(/version: "([^"]+)"/g)].map(([, version]) => version);
  const found = renovate.customManagers.flatMap(findVersions);
  expect(pinned.filter((version) => !found.includes(version))).toEqual([]);
});

test("Renovate reads every kustomization that pins an image", () => {
  const selected = selectFiles(renovate.kustomize.managerFilePatterns);
  expect(selected).toContain("gitops/base/kustomization.yaml");
  expect(selected).toContain("gitops/components/monitoring/kustomization.yaml");
});
