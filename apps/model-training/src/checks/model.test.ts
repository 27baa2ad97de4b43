import { expect, test } from "bun:test";
import type { Card, SetFigures } from "../card/card.ts";
import { CARD, FIGURES } from "../card/fixtures.ts";
import {
  checkBaselines,
  checkFloor,
  checkKnown,
  checkSlices,
  checkSources,
  type Floor,
} from "./model.ts";

const FLOOR: Floor = {
  accuracy: 0.936,
  auc: 0.97,
  tprAtFpr1: 0.82,
  tprAtFpr01: 0.57,
  frozenFprAtMost: 0.029,
};
const figuresWith = (
  name: "accuracy" | "auc" | "tprAtFpr1" | "tprAtFpr01" | "frozenFpr",
  value: number,
): SetFigures => ({
  ...FIGURES,
  [name]: { value, low: value - 0.01, high: value + 0.01 },
});

test.each<[string, SetFigures, readonly string[]]>([
  ["nothing", FIGURES, []],
  [
    "a model that always says one class",
    figuresWith("accuracy", 0.54),
    ["majority baseline", "one-bit baseline"],
  ],
  ["a model that is no better than one bit", figuresWith("accuracy", 0.6), ["one-bit baseline"]],
  ["a model that is better by luck", figuresWith("accuracy", 0.625), ["one-bit baseline"]],
])("checkBaselines() finds %s", (_, figures, checks) => {
  expect(checkBaselines(figures, 0.62).map((finding) => finding.check)).toEqual([...checks]);
});

test.each<[string, SetFigures, readonly string[]]>([
  ["nothing", FIGURES, []],
  ["a lower accuracy", figuresWith("accuracy", 0.93), ["floor accuracy"]],
  ["a lower AUC", figuresWith("auc", 0.96), ["floor auc"]],
  ["less found at 1 %", figuresWith("tprAtFpr1", 0.8), ["floor tprAtFpr1"]],
  ["less found at 0.1 %", figuresWith("tprAtFpr01", 0.5), ["floor tprAtFpr01"]],
  ["more false alarms", figuresWith("frozenFpr", 0.03), ["floor frozenFpr"]],
  ["a figure that is no number", figuresWith("auc", Number.NaN), ["floor auc"]],
])("checkFloor() finds %s", (_, figures, checks) => {
  expect(checkFloor("test", figures, FLOOR).map((finding) => finding.check)).toEqual([...checks]);
});

test("checkKnown() finds wrong answers and missing ones, by URL", () => {
  const known = [
    { url: "good.example", phishing: false },
    { url: "bad.example", phishing: true },
    { url: "no url", phishing: true },
  ];
  expect(checkKnown(known, [0.1, 0.95, 0.9], 0.9)).toEqual([]);
  expect(checkKnown(known, [0.93, 0.4, undefined], 0.9).map((finding) => finding.message)).toEqual([
    "good.example is not phishing, probability 0.930",
    "bad.example is phishing, probability 0.400",
    "no url is phishing, no answer",
  ]);
});

const slice = (alarms: number, found: number, rows = 1000) => ({
  name: "login or account path",
  legitimate: { rows, flagged: alarms * rows },
  phishing: { rows, flagged: found * rows },
});

test.each<[string, ReturnType<typeof slice>, readonly string[]]>([
  ["nothing", slice(0.02, 0.8), []],
  ["a slice of false alarms", slice(0.2, 0.8), ["slice false alarms"]],
  ["a slice that hides phishing", slice(0.02, 0.1), ["slice found"]],
  ["nothing in a slice of few rows", slice(0.5, 0.1, 40), []],
])("checkSlices() finds %s", (_, figures, checks) => {
  const findings = checkSlices([figures], { falseAlarms: 0.05, found: 0.3 });
  expect(findings.map((finding) => finding.check)).toEqual([...checks]);
});

test("checkSlices() gives a slice that is known to be weak its own limit", () => {
  const limits = { falseAlarms: 0.05, found: 0.3, weak: { "login or account path": 0.15 } };
  expect(checkSlices([slice(0.14, 0.8)], limits)).toEqual([]);
  expect(checkSlices([slice(0.16, 0.8)], limits).length).toBe(1);
});

test("checkSources() finds a source that the licence rules out", () => {
  expect(checkSources(CARD, ["closed-feed"])).toEqual([]);
  const sources = CARD.data.sources.map((source) => ({ ...source, used: true }));
  const tainted: Card = { ...CARD, data: { ...CARD.data, sources } };
  expect(checkSources(tainted, ["closed-feed"])).toEqual([
    { check: "licence", message: "linear was trained on closed-feed" },
  ]);
});
