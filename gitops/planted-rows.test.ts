import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TREE } from "./render.ts";

// Each defect of the original that YAML can have (rows S24 to S44 of its feature list), and each trap of
// the design, is put back by a test that is named for it.

const ROWS = Array.from({ length: 21 }, (_, index) => `S${index + 24}`);
const TRAPS = Array.from({ length: 21 }, (_, index) => `trap ${index + 1}`);

/** What no YAML here can get wrong, and where it is seen to. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  S24: "a counter without a defect: apps/model-service/src/metrics.test.ts",
  S25: "a counter without a defect: apps/model-service/src/metrics.test.ts",
  S26: "a rate that never fell: apps/model-service/src/metrics.test.ts",
  S43: "virtual machines: bootstrap/k3s",
  S44: "the installation of k3s: bootstrap/k3s",
  "trap 5":
    "Argo CD's own rollback is off where it syncs by itself: the README says how to go back",
  "trap 11": "ports and CRDs of k3s: bootstrap/k3s/config.yaml",
  "trap 14": "what mirrored requests look like: apps/shadow-report and packages/mesh",
  "trap 17": "certificates under Bun: bootstrap/src/kube/connection.test.ts",
  "trap 18": "the size of onnxruntime: bootstrap/src/images",
  "trap 19": "names and buckets of metrics: each program's metrics.test.ts",
  "trap 20": "addresses of virtual machines: bootstrap/k3s",
};

const planted = new Set(
  readdirSync(TREE)
    .filter((file) => /^planted-(?!rows).*\.test\.ts$|^rules\.test\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(TREE, file), "utf8").matchAll(/^ *["`]((?:(?:S\d+|trap \d+),? ?)+):/gm),
    ])
    .flatMap(([, names = ""]) => names.split(", ")),
);

test("every row and every trap that YAML can have is planted", () => {
  const absent = [...ROWS, ...TRAPS].filter((name) => !planted.has(name));
  expect(absent.sort()).toEqual(Object.keys(ELSEWHERE).sort());
});
