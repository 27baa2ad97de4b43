import { expect, test } from "bun:test";
import type { Card } from "../card/card.ts";
import { CARD } from "../card/fixtures.ts";
import { buildHistogram, PROBABILITY_EDGES } from "../evaluate/drift.ts";
import { createRandom } from "../evaluate/random.ts";
import { checkCard, checkDrift, checkFile } from "./monitoring.ts";

const NOW = new Date("2026-12-01T00:00:00Z");

test.each<[string, Partial<Card>, readonly string[]]>([
  ["nothing", {}, []],
  ["a model of another season", { created: "2026-09-01T00:00:00.000Z" }, ["age"]],
  ["a model from the future", { created: "2027-01-01T00:00:00.000Z" }, ["age"]],
  ["a model that is too large", { bytes: 6_000_000 }, ["size"]],
  ["a model of other features", { contract: "lib-ml/0" }, ["contract"]],
])("checkCard() finds %s", (_, change, checks) => {
  const findings = checkCard({ ...CARD, ...change }, NOW);
  expect(findings.map((finding) => finding.check)).toEqual([...checks]);
});

test.each<[string, string, number]>([
  ["nothing in the file itself", "model", 0],
  ["a file that was changed", "modem", 1],
  ["a file that was cut", "mod", 2],
])("checkFile() finds %s", (_, content, count) => {
  expect(checkFile(CARD, Buffer.from(content)).length).toBe(count);
});

test.each<[string, readonly number[], number]>([
  ["nothing in the same shares", [0.5, 0.5], 0],
  ["nothing in a small shift", [0.55, 0.45], 0],
  ["traffic that is nearly all legitimate", [0.9, 0.1], 1],
  ["a model that says one thing only", [1, 0], 1],
])("checkDrift() finds %s", (_, shares, count) => {
  const { edges } = CARD.drift.probability;
  const reference = { histogram: CARD.drift.probability, rows: 500 };
  const current = { histogram: { edges, shares }, rows: 500 };
  const findings = checkDrift("probability", reference, current);
  expect(findings.map((finding) => finding.check)).toEqual(new Array(count).fill("drift"));
  expect(checkDrift("probability", reference, { ...current, rows: 499 })).toEqual([]);
  expect(checkDrift("probability", { ...reference, rows: 499 }, current)).toEqual([]);
});

test.each([20, 100, 499, 500, 2000])(
  "checkDrift() finds nothing in %i rows as the reference's",
  (rows) => {
    const random = createRandom(rows);
    const draw = (count: number) => ({
      histogram: buildHistogram(Array.from({ length: count }, random), PROBABILITY_EDGES),
      rows: count,
    });
    const reference = draw(68_000);
    for (let run = 0; run < 50; run += 1)
      expect(checkDrift("p", reference, draw(rows))).toEqual([]);
  },
);
