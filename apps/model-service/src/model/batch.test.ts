import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CONTRACT, canonicalise, featurise } from "@hookline/lib-ml";
import { buildWarmUp } from "../warm-up.ts";
import { loadModel } from "./load-model.ts";
import type { Bag } from "./model.ts";
import { Queue } from "./queue.ts";
import { countRun, MOST_ROWS, runBags } from "./run-bags.ts";
import { Slot } from "./slot.ts";

const ROOM = join(import.meta.dirname, "../..");
const FOLDERS = ["testdata/linear", "testdata/wide-bag", "models/v1", "models/v2"].map((folder) =>
  join(ROOM, folder),
);

/** URLs of very unequal length, so that a bag's neighbours differ in size. */
const BAGS: readonly Bag[] = Array.from({ length: 100 }, (_, i) => {
  const url = `http://host-${i}.example/${"path/".repeat((i * 7) % 40)}?q=${"x".repeat((i * 31) % 90)}`;
  const canonical = canonicalise(url);
  if (canonical === undefined) {
    throw new Error(`Cannot make a bag of "${url}"`);
  }
  return featurise(canonical);
});

describe.each(FOLDERS.filter((folder) => existsSync(folder)))("%s", (folder) => {
  test("gives bit-identical scores whatever the batch around them", async () => {
    const model = await loadModel(folder, { contract: CONTRACT, warmUp: buildWarmUp() });
    const alone = await runBags(model, BAGS, 1);
    for (const most of [2, 7, 32]) {
      expect([...(await runBags(model, BAGS, most)).logit]).toEqual([...alone.logit]);
    }
    const backwards = await runBags(model, BAGS.toReversed(), 32);
    expect([...backwards.probability].toReversed()).toEqual([...alone.probability]);
    const queue = new Queue({ slot: new Slot(model), limit: 1000 });
    const scored = await Promise.all(BAGS.map((bag) => queue.score(bag, ({ logit }) => logit)));
    expect(scored).toEqual([...alone.logit]);
    await model.release();
  }, 120_000);
});

test("countRun() takes at most 32 bags and a bounded number of rows, but at least one", () => {
  const bag = (rows: number): Bag => ({
    ids: new Int32Array(rows),
    ends: new Int32Array(11).fill(rows),
    scale: 1,
  });
  expect(countRun(Array(100).fill(bag(10)), 0)).toBe(32);
  expect(countRun(Array(100).fill(bag(10)), 90)).toBe(10);
  expect(countRun(Array(100).fill(bag(MOST_ROWS / 4)), 0)).toBe(4);
  expect(countRun([bag(MOST_ROWS * 2), bag(1)], 0)).toBe(1);
});
