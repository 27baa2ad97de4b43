import { expect, test } from "bun:test";
import { canonicalise, featurise } from "@hookline/lib-ml";
import type { Row } from "../dataset.ts";
import { logLoss } from "./learner.ts";
import { streamRows, writeSample } from "./sample.ts";
import { createScorer } from "./scorer.ts";
import { type TrainProgress, train } from "./train.ts";
import type { ModelKind, Weights } from "./weights.ts";

const KINDS: readonly ModelKind[] = ["linear", "wide-bag"];
const TIMEOUT_MS = 120_000;

function meanLoss(weights: Weights, rows: readonly Row[]): number {
  const score = createScorer(weights);
  const losses = rows.map(({ url, label }) => {
    const canonical = canonicalise(url);
    return canonical === undefined ? Number.NaN : logLoss(score(featurise(canonical)), label);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / rows.length;
}

function hash({ table, embeddings, hiddenWeights, outputWeights, bias }: Weights): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const part of [table, embeddings, hiddenWeights, outputWeights, Float64Array.of(bias)])
    hasher.update(part);
  return hasher.digest("hex");
}

test.each(KINDS)(
  "train() brings the loss of %s down on 20 rows",
  async (kind) => {
    const rows = writeSample(20, 1);
    const weights = await train(kind, () => streamRows(rows), { seed: 1 });
    expect(meanLoss(weights, rows)).toBeLessThan(0.9 * Math.LN2);
  },
  TIMEOUT_MS,
);

test.each(KINDS)(
  "train() gives %s that judges rows it has not seen",
  async (kind) => {
    const rows = writeSample(3000, 1);
    const weights = await train(kind, () => streamRows(rows), { seed: 1 });
    expect(meanLoss(weights, writeSample(500, 2))).toBeLessThan(0.45);
  },
  TIMEOUT_MS,
);

test.each(KINDS)(
  "train() gives the same %s for the same seed, another for another",
  async (kind) => {
    const rows = writeSample(200, 1);
    const run = async (seed: number) => hash(await train(kind, () => streamRows(rows), { seed }));
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
  },
  TIMEOUT_MS,
);

test(
  "train() gives wide-bag the linear part that linear has, and a network beside it",
  async () => {
    const rows = writeSample(2000, 1);
    const linear = await train("linear", () => streamRows(rows), { seed: 1 });
    const wide = await train("wide-bag", () => streamRows(rows), { seed: 1 });
    expect(Buffer.from(wide.table.buffer).equals(Buffer.from(linear.table.buffer))).toBe(true);
    const unseen = writeSample(500, 2);
    const alone = { ...wide, outputWeights: wide.outputWeights.map(() => 0) };
    expect(meanLoss(wide, unseen)).toBeLessThan(meanLoss(alone, unseen));
  },
  TIMEOUT_MS,
);

test(
  "train() reports its progress, rows rising to the end of each pass",
  async () => {
    const seen: TrainProgress[] = [];
    const rows = writeSample(10_000, 1);
    await train("linear", () => streamRows(rows), {
      seed: 1,
      expectedRows: 10_000,
      onProgress: (p) => seen.push(p),
    });
    expect(
      seen.map(({ rows: done, total, epoch, epochs }) => [done, total, epoch, epochs]),
    ).toEqual([
      [8192, 10_000, 1, 2],
      [10_000, 10_000, 1, 2],
      [8192, 10_000, 2, 2],
      [10_000, 10_000, 2, 2],
    ]);
    expect(seen.at(-1)?.loss).toBeLessThan(seen[0]?.loss ?? 0);
  },
  TIMEOUT_MS,
);

test(
  "train() stops where it is told to",
  async () => {
    const controller = new AbortController();
    let passes = 0;
    const rows = writeSample(20_000, 1);
    const training = train(
      "linear",
      () => {
        passes += 1;
        return streamRows(rows);
      },
      {
        seed: 1,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("enough")),
      },
    );
    await expect(training).rejects.toThrow("enough");
    // The look at what is scarce, and the first pass.
    expect(passes).toBe(2);
  },
  TIMEOUT_MS,
);

test(
  "train() reports no loss twice when the rows are as many as a report holds",
  async () => {
    const seen: TrainProgress[] = [];
    const rows = writeSample(8192, 4);
    await train("linear", () => streamRows(rows), { seed: 1, onProgress: (p) => seen.push(p) });
    expect(seen.map(({ rows: done, epoch }) => [done, epoch])).toEqual([
      [8192, 1],
      [8192, 2],
    ]);
    expect(Math.min(...seen.map(({ loss }) => loss))).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test(
  "train() refuses rows without a URL",
  async () => {
    const rows: Row[] = [{ label: 1, url: "no url", source: "test" }];
    await expect(train("linear", () => streamRows(rows), { seed: 1 })).rejects.toThrow(
      "Cannot train: no row holds a URL",
    );
  },
  TIMEOUT_MS,
);
