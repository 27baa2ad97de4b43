// The models that are shipped: is each file what its card says, and good enough to serve?
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Card, MODEL_FILE, readCard } from "../card/card.ts";
import { renderModelCard } from "../card/markdown.ts";
import { readRows } from "../dataset.ts";
import { readEvaluationSet, scoreSet } from "../evaluate/evaluation-set.ts";
import { computeMetrics } from "../evaluate/metrics.ts";
import { openScorer } from "../evaluate/score.ts";
import { rank } from "../evaluate/scored.ts";
import { KNOWN } from "./known.ts";
import { checkDisguises, checkFlips } from "./metamorphic.ts";
import {
  checkBaselines,
  checkFloor,
  checkKnown,
  checkSlices,
  checkSources,
  type Floor,
} from "./model.ts";
import { checkCard, checkFile } from "./monitoring.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const MODELS = join(ROOT, "apps/model-service/models");
const SHARED = join(ROOT, "../shared/data");
const FORBIDDEN = ["openphish", "citizenlab", "openbanking"];
/** The best single bit on the shared test rows. */
const BEST_BIT = 0.625;

interface Shipped {
  readonly folder: string;
  readonly card: Card;
  readonly model: Uint8Array;
}

async function readShipped(version: string): Promise<Shipped> {
  const folder = join(MODELS, version);
  return {
    folder,
    card: await readCard(folder),
    model: await Bun.file(join(folder, MODEL_FILE)).bytes(),
  };
}

const shipped = [await readShipped("v1"), await readShipped("v2")];
const each = shipped.map((one) => [one.card.name, one] as const);

/** What a model trained on all rows must reach on shared test rows: figures of the prototypes. */
const FLOORS: Readonly<Record<Card["name"], Floor>> = {
  linear: { accuracy: 0.936, auc: 0.984, tprAtFpr1: 0.82, tprAtFpr01: 0.57 },
  "wide-bag": { accuracy: 0.945, auc: 0.987, tprAtFpr1: 0.85, tprAtFpr01: 0.66 },
};
const HOLDOUT_FLOOR: Floor = { accuracy: 0.86, auc: 0.937 };

test.each(each)("%s is the file of its card, small, of these features", (_, { card, model }) => {
  expect(checkFile(card, model)).toEqual([]);
  const made = new Date(new Date(card.created).getTime() + 86_400_000);
  expect(checkCard(card, made)).toEqual([]);
  // Age is a matter of operation, not of this commit: it is told aloud and breaks nothing.
  for (const { message } of checkCard(card, new Date())) console.warn(`watch: ${message}`);
});

test.each(each)(
  "%s is described by a MODEL_CARD.md made from its card",
  async (_, { card, folder }) => {
    expect(await Bun.file(join(folder, "MODEL_CARD.md")).text()).toBe(renderModelCard(card));
  },
);

test.each(each)("%s was trained without the sources that forbid commercial use", (_, { card }) => {
  expect(checkSources(card, FORBIDDEN)).toEqual([]);
  expect([...card.data.excluded].sort()).toEqual([...FORBIDDEN].sort());
  expect(card.data.sources.every((source) => source.licence !== "not known")).toBe(true);
});

test.each(each)(
  "%s beats baselines; its twin on all rows reaches the prototypes",
  (_, { card }) => {
    const { test: figures, holdout, twin } = card.metrics;
    expect(checkBaselines(figures, BEST_BIT)).toEqual([]);
    if (twin?.holdout === undefined || holdout === undefined)
      throw new Error("the card has no twin");
    expect(checkFloor("test", twin.test, FLOORS[card.name])).toEqual([]);
    const frozenFprAtMost = 2.9 * twin.test.frozenFpr.value;
    expect(checkFloor("holdout", twin.holdout, { ...HOLDOUT_FLOOR, frozenFprAtMost })).toEqual([]);
  },
);

test.each(each)("%s holds on every slice of the test rows", (_, { card }) => {
  const weak = { "login or account path": 0.12, ".cn": 0.2 };
  const limits = { falseAlarms: 0.06, found: 0.3, weak };
  expect(checkSlices(card.slices["test"] ?? [], limits)).toEqual([]);
});

test.each(each)("%s does not look at spelling", (_, { card }) => {
  expect(checkFlips(card.flips.rewrites, 0.0005)).toEqual([]);
  expect([card.flips.urls, card.flips.rewrites.length]).toEqual([20_000, 10]);
});

test.each(each)("%s knows what everyone knows", async (_, { card, model }) => {
  const scorer = await openScorer(model);
  try {
    const probabilities = await scorer.score(KNOWN.map(({ url }) => url));
    expect(checkKnown(KNOWN, probabilities, card.threshold)).toEqual([]);
  } finally {
    await scorer.close();
  }
});

// Trained on all rows: without the three sources the larger model lacks most phishing on free
// hosting, and on the holdout it is then no better (the README says so).
test("wide-bag is ahead of linear when both are trained on the same rows, all of them", () => {
  const [linear, wideBag] = shipped.map(({ card }) => card.metrics.twin);
  for (const set of ["test", "holdout"] as const) {
    for (const name of ["accuracy", "auc", "tprAtFpr1", "tprAtFpr01"] as const) {
      const [before, after] = [linear?.[set]?.[name].value ?? 1, wideBag?.[set]?.[name].value ?? 0];
      expect([set, name, after > before]).toEqual([set, name, true]);
    }
  }
});

const hasShared = existsSync(join(SHARED, "test.tsv.gz"));
if (!hasShared)
  console.warn(`checks/shipped.test.ts: skipped measuring anew, ${SHARED} is not there`);

test.skipIf(!hasShared).each(each)(
  "%s does on shared data what its card says",
  async (_, { card, model }) => {
    const scorer = await openScorer(model);
    try {
      const set = await readEvaluationSet("test", readRows([join(SHARED, "test.tsv.gz")]));
      const scored = await scoreSet(set, scorer);
      const metrics = computeMetrics(rank(scored), { threshold: card.threshold });
      for (const name of ["accuracy", "auc", "tprAtFpr1", "frozenFpr", "frozenTpr"] as const) {
        expect([name, metrics[name]]).toEqual([
          name,
          expect.closeTo(card.metrics.test[name].value, 3),
        ]);
      }
      const rows = set.rows.filter(({ label, url }) => label === 1 && /^[^/?]*o/.test(url));
      const urls = rows.slice(0, 5000).map(({ url }) => url);
      const before = await scorer.score(urls);
      const after = await scorer.score(urls.map((url) => url.replace("o", "0")));
      const disguises = before.map((p, at) => ({ before: p ?? 0, after: after[at] ?? 0 }));
      expect(checkDisguises(disguises, { threshold: card.threshold, most: 0.05 })).toEqual([]);
    } finally {
      await scorer.close();
    }
  },
  120_000,
);
