// Benchmark: a linear model on raw strings, v1 and v2, trained and measured on the same rows.
import { parseArgs } from "node:util";
import { renderColumns } from "../src/command/columns.ts";
import { readRows } from "../src/dataset.ts";
import { type Estimate, estimateDifference, estimateMetrics } from "../src/evaluate/bootstrap.ts";
import { decide } from "../src/evaluate/evaluate.ts";
import { type EvaluationSet, readEvaluationSet, scoreSet } from "../src/evaluate/evaluation-set.ts";
import type { MetricName } from "../src/evaluate/metrics.ts";
import { sampleIndices } from "../src/evaluate/random.ts";
import { countFlips } from "../src/evaluate/rewrites.ts";
import { openScorer, type UrlScorer } from "../src/evaluate/score.ts";
import { type Ranked, rank } from "../src/evaluate/scored.ts";
import { train } from "../src/learn/train.ts";
import type { ModelKind } from "../src/learn/weights.ts";
import { exportModel } from "../src/pipeline.ts";
import { findDataFiles, requireRoles } from "../src/roles.ts";
import { trainRaw } from "./raw-string.ts";

const HELP = `Usage: bun apps/model-training/bench/quality.ts [options]

Trains a raw-string linear model, v1 (linear) and v2 (wide-bag) on all training rows, and prints their
figures on test and holdout, the differences with 95 % intervals (paired, by site), and how many
verdicts change when an address is written another way. About three minutes for 620,000 rows.

  --data <path>            files or folders with train, val, test and holdout (default ../shared/data)
  --exclude-source <a,b>   leaves sources out of training and validation
  --flip-urls <number>     URLs that are rewritten (default 20000)
  --seed <number>          default 1
  --json                   figures as JSON
  --help                   this text
`;

const { values } = parseArgs({
  options: {
    data: { type: "string", multiple: true, default: ["../shared/data"] },
    "exclude-source": { type: "string", default: "" },
    "flip-urls": { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

interface Measured {
  readonly name: string;
  readonly threshold: number;
  readonly sets: Readonly<Record<string, Ranked>>;
  readonly seconds: number;
  readonly flips: number;
}

const METRICS: readonly MetricName[] = [
  ...(["accuracy", "auc", "tprAtFpr1", "tprAtFpr01", "frozenFpr", "frozenTpr"] as const),
];
const HEAD = ["accuracy %", "AUC %", "found @1 %", "found @0.1 %", "false alarms %", "found %"];

async function main(): Promise<void> {
  const seed = Number(values.seed);
  const files = await findDataFiles(values.data);
  requireRoles(files, ["train", "val", "test", "holdout"]);
  const excludeSources = values["exclude-source"].split(",").filter((name) => name !== "");
  const rows = () => readRows(files.train, { excludeSources });
  const val = await readEvaluationSet("val", readRows(files.val, { excludeSources }));
  const sets = [
    await readEvaluationSet("test", readRows(files.test)),
    await readEvaluationSet("holdout", readRows(files.holdout)),
  ];
  const ours = (kind: ModelKind) => async () =>
    openScorer(exportModel(await train(kind, rows, { seed }), val));
  const peers: readonly (readonly [string, () => Promise<UrlScorer>])[] = [
    ["raw string", () => trainRaw(rows, val, seed)],
    ["v1 linear", ours("linear")],
    ["v2 wide-bag", ours("wide-bag")],
  ];
  const measured: Measured[] = [];
  for (const [name, build] of peers) {
    process.stderr.write(`training ${name}\n`);
    const started = performance.now();
    const scorer = await build();
    const seconds = (performance.now() - started) / 1000;
    measured.push({ name, seconds, ...(await measure(scorer, val, sets, seed)) });
    await scorer.close();
  }
  process.stdout.write(values.json ? renderJson(measured, seed) : renderText(measured, seed));
}

async function measure(
  scorer: UrlScorer,
  val: EvaluationSet,
  sets: readonly EvaluationSet[],
  seed: number,
): Promise<Pick<Measured, "threshold" | "sets" | "flips">> {
  const { threshold } = decide("val", await scoreSet(val, scorer));
  const ranked: Record<string, Ranked> = {};
  for (const set of sets) ranked[set.name] = rank(await scoreSet(set, scorer));
  const [test] = sets;
  const chosen = sampleIndices(test?.rows.length ?? 0, Number(values["flip-urls"]), seed);
  const urls = chosen.map((row) => test?.rows[row]?.url ?? "");
  const counts = await countFlips(urls, { score: scorer.score, threshold });
  const sum = (of: "urls" | "flips") => counts.reduce((total, count) => total + count[of], 0);
  return { threshold, sets: ranked, flips: sum("flips") / sum("urls") };
}

/** The models' figures, then how far each is above the one before. */
function renderText(measured: readonly Measured[], seed: number): string {
  const names = Object.keys(measured[0]?.sets ?? {});
  const figures = measured.flatMap(({ name, sets, threshold }) =>
    names.map((set) => [
      name,
      set,
      ...estimate(sets[set], threshold, seed).map((e) => show(e, "")),
    ]),
  );
  const gains = compare(measured, seed).map(({ name, set, estimates }) => [
    name,
    set,
    ...estimates.map((e) => show(e, "+")),
  ]);
  const others = measured.map(({ name, flips, sets, threshold, seconds }) => {
    const [test, holdout] = names.map((set) => estimate(sets[set], threshold, seed)[4]?.value ?? 0);
    return [
      name,
      `${(flips * 100).toFixed(3)}`,
      ((holdout ?? 0) / (test ?? 1)).toFixed(2),
      seconds.toFixed(1),
    ];
  });
  return [
    "figures, with 95 % intervals by site",
    renderColumns(["model", "set", ...HEAD], figures),
    "gain over the model before, paired",
    renderColumns(["models", "set", ...HEAD], gains),
    renderColumns(
      ["model", "changed verdicts %", "false alarms holdout ÷ test", "training s"],
      others,
    ),
  ].join("\n");
}

function renderJson(measured: readonly Measured[], seed: number): string {
  const models = measured.map(({ name, threshold, flips, seconds, sets }) => ({
    ...{ name, threshold, flips, seconds },
    sets: Object.fromEntries(
      Object.entries(sets).map(([set, ranked]) => [set, named(estimate(ranked, threshold, seed))]),
    ),
  }));
  const gains = compare(measured, seed).map(({ name, set, estimates }) => ({
    ...{ name, set },
    gain: named(estimates),
  }));
  return `${JSON.stringify({ models, gains }, undefined, 2)}\n`;
}

function compare(measured: readonly Measured[], seed: number) {
  return measured.slice(1).flatMap((model, at) => {
    const before = measured[at];
    return Object.entries(model.sets).flatMap(([set, ranked]) => {
      const other = before?.sets[set];
      if (before === undefined || other === undefined) return [];
      const difference = estimateDifference(
        { ranked: other, threshold: before.threshold },
        { ranked, threshold: model.threshold },
        { seed },
      );
      const name = `${model.name} − ${before.name}`;
      return [{ name, set, estimates: METRICS.map((metric) => difference[metric]) }];
    });
  });
}

function estimate(ranked: Ranked | undefined, threshold: number, seed: number): Estimate[] {
  if (ranked === undefined) return [];
  const estimates = estimateMetrics(ranked, { threshold, seed });
  return METRICS.map((name) => estimates[name]);
}

function named(estimates: readonly Estimate[]) {
  return Object.fromEntries(METRICS.map((name, at) => [name, estimates[at]]));
}

function show({ value, low, high }: Estimate, sign: string): string {
  const text = (share: number) => `${share > 0 ? sign : ""}${(share * 100).toFixed(2)}`;
  return `${text(value)} (${text(low)}…${text(high)})`;
}

if (values.help) process.stdout.write(HELP);
else await main();
