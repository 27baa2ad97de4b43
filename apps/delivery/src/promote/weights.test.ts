import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readWeights, setWeight } from "./weights.ts";

const PATCH = readFileSync(
  join(import.meta.dirname, "../../../../gitops/components/canary/routes-patch.yaml"),
  "utf8",
);

test("readWeights() finds the two of the canary's patch", () => {
  expect(readWeights(PATCH).map(({ subset }) => subset)).toEqual(["v1", "v2"]);
});

test("setWeight() changes two numbers and not a byte more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (weight) => {
      const text = setWeight(PATCH, "v2", weight);
      expect(readWeights(text)).toEqual([
        { subset: "v1", weight: 100 - weight },
        { subset: "v2", weight },
      ]);
      const without = (patch: string) => patch.replaceAll(/weight: \d+/g, "weight:");
      expect(without(text)).toBe(without(PATCH));
    }),
  );
}, 120_000);

test.each([
  ["nothing", "", "v2", "none"],
  ["no list", "a: b", "v2", "none"],
  ["an unknown subset", PATCH, "v3", "v1, v2"],
  [
    "three subsets",
    `- value:\n${[1, 2, 3].map((n) => `  - {weight: 1, destination: {subset: v${n}}}\n`).join("")}`,
    "v2",
    "v1, v2, v3",
  ],
])("setWeight() refuses a patch with %s", (_, text, subset, found) => {
  expect(() => setWeight(text, subset, 5)).toThrow(
    `Cannot set the weight of ${subset}: the patch splits between ${found}`,
  );
});
