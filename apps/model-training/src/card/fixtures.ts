// A card with made-up figures, for tests that change one of them.
import { CONTRACT } from "@hookline/lib-ml";
import type { Card, SetFigures } from "./card.ts";

const at = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });

export const FIGURES: SetFigures = {
  rows: 1000,
  phishing: 540,
  legitimate: 460,
  sites: 800,
  accuracy: at(0.94),
  f1: at(0.94),
  auc: at(0.98),
  tprAtFpr1: at(0.83),
  tprAtFpr01: at(0.6),
  logLoss: at(0.17),
  brier: at(0.05),
  ece: at(0.02),
  frozenFpr: at(0.012),
  frozenTpr: at(0.82),
  frozenAccuracy: at(0.9),
  frozenF1: at(0.89),
  sure: { coverage: 0.8, accuracy: 0.97 },
  points: [{ targetFpr: 0.01, threshold: 0.9, fpr: 0.012, tpr: 0.82 }],
};

const histogram = { edges: [0, 0.5, 1], shares: [0.5, 0.5] };

export const CARD: Card = {
  format: 1,
  name: "linear",
  version: "1.0.0",
  created: "2026-11-01T12:00:00.000Z",
  contract: CONTRACT,
  sha256: new Bun.CryptoHasher("sha256").update("model").digest("hex"),
  bytes: 5,
  seed: 1,
  seedsTried: [{ seed: 1, valLogLoss: 0.2 }],
  trainer: { name: "@hookline/model-training", version: "0.1.0", revision: "unknown" },
  threshold: 0.9,
  thresholdChosen: { on: "val", targetFpr: 0.01, rowsPerDomain: 20 },
  unsure: { low: 0.1, high: 0.9, missRate: 0.02, coverage: 0.8, accuracy: 0.97 },
  prior: 0.5,
  precisionAt: [{ baseRate: 0.01, precision: 0.41, holdout: 0.2 }],
  data: {
    files: [{ role: "train", name: "train.tsv", sha256: "0".repeat(64) }],
    trainRows: 5000,
    trainPhishing: 2500,
    valRows: 800,
    excluded: ["closed-feed"],
    shared: { test: 0 },
    sources: [
      { name: "open-feed", label: "phishing", rows: 2500, licence: "MIT", used: true },
      { name: "closed-feed", label: "phishing", rows: 900, licence: "no | commerce", used: false },
      { name: "list", label: "legitimate", rows: 2500, licence: "CC0", used: true },
    ],
  },
  metrics: {
    val: FIGURES,
    test: FIGURES,
    holdout: FIGURES,
    twin: {
      excluded: [],
      seed: 1,
      trainRows: 5900,
      threshold: 0.88,
      test: FIGURES,
      holdout: FIGURES,
    },
  },
  slices: {
    test: [
      {
        name: "login or account path",
        legitimate: { rows: 200, flagged: 12 },
        phishing: { rows: 300, flagged: 270 },
      },
      {
        name: "punycode host",
        legitimate: { rows: 0, flagged: 0 },
        phishing: { rows: 7, flagged: 1 },
      },
    ],
  },
  sources: {
    test: [
      { name: "list", legitimate: { rows: 460, flagged: 6 }, phishing: { rows: 0, flagged: 0 } },
    ],
  },
  flips: { urls: 100, rewrites: [{ rewrite: "fragment", urls: 90, flips: 0 }] },
  drift: { probability: histogram, length: histogram },
};
