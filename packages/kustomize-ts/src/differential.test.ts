import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { awkwardTree } from "./differential/awkward-tree.ts";
import { createBent } from "./differential/bent-tree.ts";
import { buildOurs, compareBuilds, outcome } from "./differential/compare.ts";
import { compareVersions, findJudge, judge } from "./differential/judge.ts";
import { findKnownDifference } from "./differential/known-differences.ts";
import { createDiamond, createTree } from "./differential/tree.ts";

// KUSTOMIZE names another judge, KUSTOMIZE_RUNS and KUSTOMIZE_SEED make a longer or another campaign.
const RUNS = Number(process.env["KUSTOMIZE_RUNS"] ?? 60);
const SEED = Number(process.env["KUSTOMIZE_SEED"] ?? 581);
const FIXTURES = join(import.meta.dir, "../testdata/differential");

const found = findJudge(process.env);
// Older ones do not know all fields of replacements, and panic at more.
const isNew = found !== undefined && compareVersions(found.version, [5, 8, 1]) >= 0;
if (found === undefined) {
  console.warn("no kubectl here: the builds are not compared with the real Kustomize");
}

/** The folder of a fixture that is built: the outermost one. */
function rootOf(fixture: string): string {
  const [root] = ["overlay", "base", "."]
    .map((name) => join(FIXTURES, fixture, name))
    .filter(existsSync);
  return root ?? FIXTURES;
}

/** What the real one made of a fixture: `expected.yaml`, or an error where there is none. */
function expectedOf(fixture: string): string {
  const path = join(FIXTURES, fixture, "expected.yaml");
  return existsSync(path) ? readFileSync(path, "utf8") : "an error";
}

const fixtures = readdirSync(FIXTURES);

describe("builds that once differed", () => {
  test.each(fixtures)("%s", (fixture) => {
    expect(outcome(buildOurs(rootOf(fixture)))).toBe(expectedOf(fixture));
  });

  test.skipIf(found === undefined).each(fixtures)(
    "%s is settled by the real one",
    async (fixture) => {
      if (found !== undefined && findKnownDifference(fixture, found.version) === undefined) {
        expect(outcome(await judge(found, rootOf(fixture)))).toBe(expectedOf(fixture));
      }
    },
    120_000,
  );
});

test.skipIf(found === undefined).each([
  ["kustomizations", createTree(isNew), RUNS],
  ["layers over layers", createDiamond(isNew), RUNS / 2],
  ["texts of awkward YAML", awkwardTree, RUNS / 2],
  ["kustomizations that are nearly right", createBent(createTree(isNew)), RUNS],
] as const)(
  "random %s render as the real one renders them",
  async (_, arbitrary, runs) => {
    if (found === undefined) {
      return;
    }
    let rendered = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (sample) => {
        const { real, ours } = await compareBuilds(found, sample);
        rendered += "text" in real ? 1 : 0;
        expect(outcome(ours)).toBe(outcome(real));
      }),
      { seed: SEED, numRuns: runs },
    );
    // A generator of nothing but errors would compare nothing.
    expect(rendered).toBeGreaterThan(runs / 5);
  },
  RUNS * 3_000,
);

test.each([
  [[5, 5, 0], [5, 8, 1], -3],
  [[5, 8, 1], [5, 8, 1], 0],
  [[5, 10, 0], [5, 8, 1], 2],
])("compareVersions(%j, %j) is %p", (left, right, order) => {
  expect(compareVersions(left, right)).toBe(order);
});
