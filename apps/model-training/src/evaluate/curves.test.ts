import { expect, test } from "bun:test";
import { buildCurves } from "./curves.ts";
import { createRandom, sampleIndices } from "./random.ts";
import { numberTexts, rank } from "./scored.ts";

const random = createRandom(1);
// In steps, so that many rows of both labels have one probability.
const rows = Array.from({ length: 4000 }, (_, i) => {
  const label = i % 2;
  return { label, p: Math.round(Math.min(1, random() * 0.8 + label * 0.2) * 300) / 300 };
});
const ranked = rank({
  probability: Float64Array.from(rows, (row) => row.p),
  label: Uint8Array.from(rows, (row) => row.label),
  domain: Int32Array.from(rows, (_, i) => i),
  domains: rows.length,
});
const curves = buildCurves(ranked);

test("buildCurves() gives at each FPR the best TPR that does not exceed it", () => {
  const [phishing, legitimate] = [1, 0].map((label) => rows.filter((row) => row.label === label));
  const share = (of: typeof rows = [], t: number) =>
    of.filter((row) => row.p >= t).length / of.length;
  for (const at of [0, 20, 40, 60, 79]) {
    const point = curves.roc[at] ?? { fpr: 0, tpr: 0 };
    const allowed = rows.map((row) => row.p).filter((t) => share(legitimate, t) <= point.fpr);
    expect(point.tpr).toBeCloseTo(Math.max(0, ...allowed.map((t) => share(phishing, t))), 12);
  }
  expect(curves.roc.at(-1)).toEqual({ fpr: 1, tpr: 1 });
});

test("buildCurves() puts every row in one bin of each picture", () => {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  expect(sum(curves.reliability.map((bin) => bin.rows))).toBe(4000);
  expect([sum(curves.scores.legitimate), sum(curves.scores.phishing)]).toEqual([2000, 2000]);
  const low = rows.filter((row) => row.label === 0 && row.p < 1 / 40);
  expect(curves.scores.legitimate[0]).toBe(low.length);
  const first = curves.reliability[0];
  const inside = rows.filter((row) => row.p < 1 / 15);
  expect(first?.rows).toBe(inside.length);
  expect(first?.observed).toBeCloseTo(sum(inside.map((row) => row.label)) / inside.length, 12);
});

test("sampleIndices() draws different indices, the same for a seed, all when there are few", () => {
  const drawn = sampleIndices(1000, 100, 5);
  expect(new Set(drawn).size).toBe(100);
  expect(drawn).toEqual(sampleIndices(1000, 100, 5));
  expect(drawn).not.toEqual(sampleIndices(1000, 100, 6));
  expect(sampleIndices(3, 9, 1)).toEqual([0, 1, 2]);
});

test("numberTexts() numbers texts in order of first sight", () => {
  const { codes, count } = numberTexts(["b", "a", "b", "c"]);
  expect([...codes, count]).toEqual([0, 1, 0, 2, 3]);
});
