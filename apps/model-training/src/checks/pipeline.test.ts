// The whole line on the rows of testdata, in this process: does it learn, and does chance decide? (S57, S60, S61)
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Run } from "../card/build-card.ts";
import { type Row, readRows } from "../dataset.ts";
import type { ModelKind } from "../learn/weights.ts";
import { runTraining } from "../pipeline.ts";
import { findDataFiles } from "../roles.ts";
import { measureOneBits } from "./data.ts";
import { checkSeeds, type Trained } from "./determinism.ts";
import { checkFlips } from "./metamorphic.ts";
import { checkBaselines } from "./model.ts";

const DATA = join(import.meta.dirname, "../../testdata");

async function trainOurs(kind: ModelKind, seed: number): Promise<Run> {
  const files = await findDataFiles([DATA]);
  return runTraining({ kind, files, excludeSources: [], seeds: [seed], replicates: 100 });
}

function describe({ seed, model, reports }: Run): Trained {
  const { accuracy, auc, logLoss } = reports.test.metrics;
  return {
    seed,
    model,
    metrics: { accuracy: accuracy.value, auc: auc.value, logLoss: logLoss.value },
  };
}

test.each<[ModelKind]>([["linear"], ["wide-bag"]])(
  "%s learns from a few hundred rows",
  async (kind) => {
    const stages: string[] = [];
    const files = await findDataFiles([DATA]);
    const run = await runTraining({
      kind,
      files,
      excludeSources: [],
      seeds: [1],
      replicates: 100,
      onProgress: ({ stage }) => stages.at(-1) !== stage && stages.push(stage),
    });
    expect(stages).toEqual(["survey", "train", "export", "evaluate"]);
    const rows: Row[] = [];
    for await (const row of readRows(files.test)) rows.push(row);
    const best = Math.max(...measureOneBits(rows).map(({ accuracy }) => accuracy));
    const { test: report } = run.reports;
    const { metrics, domains, ...counts } = report;
    const { sure, points } = report;
    const { rows: count, phishing, legitimate } = counts;
    const figures = {
      rows: count,
      phishing,
      legitimate,
      sites: domains,
      ...metrics,
      sure,
      points: [...points],
    };
    expect(checkBaselines(figures, best)).toEqual([]);
    expect(checkFlips(run.flips.rewrites, 0.0005)).toEqual([]);
    expect(run.surveys.train.shared).toEqual({ val: 0, test: 0, holdout: 0 });
  },
  120_000,
);

test.each<[ModelKind]>([["linear"], ["wide-bag"]])(
  "%s is decided by its seed, and little by which",
  async (kind) => {
    const [one, again, two] = [
      await trainOurs(kind, 1),
      await trainOurs(kind, 1),
      await trainOurs(kind, 2),
    ];
    expect(checkSeeds(describe(one), describe(again), 0)).toEqual([]);
    expect(checkSeeds(describe(one), describe(two), 0.1)).toEqual([]);
  },
  120_000,
);

test("runTraining() stops when told to", async () => {
  const stop = new AbortController();
  const files = await findDataFiles([DATA]);
  const training = runTraining({
    kind: "linear",
    files,
    excludeSources: [],
    seeds: [1],
    signal: stop.signal,
    onProgress: ({ stage }) => stage === "train" && stop.abort(new Error("enough")),
  });
  await expect(training).rejects.toThrow("enough");
}, 120_000);

const trained = (seed: number, model: string, accuracy: number): Trained => ({
  seed,
  model: Buffer.from(model),
  metrics: { accuracy },
});

test.each<[string, Trained, Trained, readonly string[]]>([
  ["nothing", trained(1, "abc", 0.9), trained(1, "abc", 0.9), []],
  ["a training that chance decides", trained(1, "abc", 0.9), trained(1, "abd", 0.9), ["same seed"]],
  ["nothing between seeds", trained(1, "abc", 0.9), trained(2, "abd", 0.905), []],
  [
    "a training that did not happen",
    trained(1, "abc", 0.9),
    trained(2, "abc", 0.9),
    ["other seed"],
  ],
  ["seeds that are worlds apart", trained(1, "abc", 0.9), trained(2, "abd", 0.6), ["other seed"]],
])("checkSeeds() finds %s", (_, a, b, checks) => {
  expect(checkSeeds(a, b, 0.02).map((finding) => finding.check)).toEqual([...checks]);
});
