import { CONTRACT } from "@hookline/lib-ml";
import { buildHistogram, LENGTH_EDGES, PROBABILITY_EDGES } from "../evaluate/drift.ts";
import type { Decision, SetReport } from "../evaluate/evaluate.ts";
import type { EvaluationSet } from "../evaluate/evaluation-set.ts";
import type { FlipCount } from "../evaluate/rewrites.ts";
import type { Scored } from "../evaluate/scored.ts";
import { precisionAt } from "../evaluate/threshold.ts";
import type { ModelKind } from "../learn/weights.ts";
import type { Role } from "../roles.ts";
import type { Survey } from "../survey.ts";
import { Card, type SetFigures } from "./card.ts";

/** Everything that a training run knows of its model. */
export interface Run {
  readonly kind: ModelKind;
  readonly seed: number;
  /** Log loss on val of the model of each seed that was trained; `seed` has the lowest. */
  readonly tried: readonly { readonly seed: number; readonly valLogLoss: number }[];
  readonly excluded: readonly string[];
  readonly surveys: Readonly<Partial<Record<Role, Survey>>> & {
    readonly train: Survey;
    readonly val: Survey;
  };
  /** The bytes of model.onnx. */
  readonly model: Uint8Array;
  readonly decision: Decision;
  readonly reports: Reports;
  readonly flips: { readonly urls: number; readonly rewrites: readonly FlipCount[] };
  /** The test rows, from which the reference histograms are made. */
  readonly reference: { readonly set: EvaluationSet; readonly scored: Scored };
}

export interface Reports {
  readonly val: SetReport;
  readonly test: SetReport;
  readonly holdout?: SetReport;
}

export interface CardContext {
  readonly created: Date;
  readonly trainer: Card["trainer"];
  readonly licenceOf: (source: string) => string;
  readonly twin?: Run;
}

/** The folder and the version of each kind of model. */
export const RELEASES = {
  linear: { folder: "v1", version: "1.0.0" },
  "wide-bag": { folder: "v2", version: "2.0.0" },
} as const satisfies Record<ModelKind, { folder: string; version: string }>;

const BASE_RATES = [0.01, 0.001] as const;

/** The card of a run. Throws when a figure is not a number: a card never says NaN. */
export function buildCard(run: Run, context: CardContext): Card {
  const { decision, reports } = run;
  const { on, targetFpr, rowsPerDomain, missRate } = decision.chosen;
  const card: Card = {
    format: 1,
    name: run.kind,
    version: RELEASES[run.kind].version,
    created: context.created.toISOString(),
    contract: CONTRACT,
    sha256: new Bun.CryptoHasher("sha256").update(run.model).digest("hex"),
    bytes: run.model.length,
    seed: run.seed,
    seedsTried: [...run.tried],
    trainer: context.trainer,
    threshold: decision.threshold,
    thresholdChosen: { on, targetFpr, rowsPerDomain },
    unsure: { ...decision.band, missRate, ...reports.test.sure },
    prior: decision.prior,
    precisionAt: BASE_RATES.map((baseRate) => describePrecision(baseRate, reports)),
    data: describeData(run, context.licenceOf),
    metrics: describeMetrics(run, context.twin),
    slices: pick(reports, "slices"),
    sources: pick(reports, "sources"),
    flips: { urls: run.flips.urls, rewrites: [...run.flips.rewrites] },
    drift: describeDrift(run),
  };
  return Card.parse(JSON.parse(JSON.stringify(card, roundNumber)));
}

function describePrecision(baseRate: number, reports: Reports): Card["precisionAt"][number] {
  const of = ({ metrics }: SetReport) =>
    precisionAt(baseRate, { tpr: metrics.frozenTpr.value, fpr: metrics.frozenFpr.value });
  const { test, holdout } = reports;
  return { baseRate, precision: of(test), ...(holdout && { holdout: of(holdout) }) };
}

function describeData(run: Run, licenceOf: (source: string) => string): Card["data"] {
  const { train, val } = run.surveys;
  const surveys = Object.values(run.surveys);
  return {
    files: surveys.flatMap(({ role, files }) => files.map((file) => ({ role, ...file }))),
    trainRows: train.rows,
    trainPhishing: train.phishing,
    valRows: val.rows,
    excluded: [...run.excluded],
    notUrls: Object.fromEntries(surveys.map(({ role, notUrls }) => [role, notUrls])),
    shared: { ...train.shared },
    sources: train.sources.map((source) => ({
      ...source,
      licence: licenceOf(source.name),
      used: !run.excluded.includes(source.name),
    })),
  };
}

function describeMetrics(run: Run, twin: Run | undefined): Card["metrics"] {
  const { val, test, holdout } = run.reports;
  return {
    val: describeSet(val),
    test: describeSet(test),
    ...(holdout && { holdout: describeSet(holdout) }),
    ...(twin && {
      twin: {
        excluded: [...twin.excluded],
        seed: twin.seed,
        trainRows: twin.surveys.train.rows,
        threshold: twin.decision.threshold,
        test: describeSet(twin.reports.test),
        ...(twin.reports.holdout && { holdout: describeSet(twin.reports.holdout) }),
      },
    }),
  };
}

function describeSet(report: SetReport): SetFigures {
  const { rows, phishing, legitimate, domains, metrics, sure, points } = report;
  return { rows, phishing, legitimate, sites: domains, ...metrics, sure, points: [...points] };
}

function pick(reports: Reports, field: "slices" | "sources"): Card["slices"] {
  const { test, holdout } = reports;
  return { test: [...test[field]], ...(holdout && { holdout: [...holdout[field]] }) };
}

function describeDrift({ reference }: Run): Card["drift"] {
  const histogram = (values: Iterable<number>, edges: readonly number[]) => {
    const { shares } = buildHistogram(values, edges);
    return { edges: [...edges], shares: [...shares] };
  };
  return {
    probability: histogram(reference.scored.probability, PROBABILITY_EDGES),
    length: histogram(reference.set.length, LENGTH_EDGES),
  };
}

/** Six digits are more than any set of rows can support. */
function roundNumber(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(6)) : value;
}
