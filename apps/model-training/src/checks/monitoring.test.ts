import { expect, test } from "bun:test";
import type { Card } from "../card/card.ts";
import { CARD } from "../card/fixtures.ts";
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
  const reference = CARD.drift.probability;
  const findings = checkDrift("probability", reference, { edges: reference.edges, shares });
  expect(findings.map((finding) => finding.check)).toEqual(new Array(count).fill("drift"));
});
