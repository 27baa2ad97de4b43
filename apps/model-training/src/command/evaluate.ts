import { join } from "node:path";
import { parseArgs } from "node:util";
import { CONTRACT } from "@hookline/lib-ml";
import { type Card, MODEL_FILE, readCard } from "../card/card.ts";
import type { Finding } from "../checks/finding.ts";
import { checkCard, checkDrift } from "../checks/monitoring.ts";
import { readRows } from "../dataset.ts";
import { TrainingError } from "../errors.ts";
import { buildHistogram } from "../evaluate/drift.ts";
import { type Decision, measureSet, type SetReport } from "../evaluate/evaluate.ts";
import { type EvaluationSet, readEvaluationSet, scoreSet } from "../evaluate/evaluation-set.ts";
import { openScorer } from "../evaluate/score.ts";
import type { Scored } from "../evaluate/scored.ts";
import { findDataFiles, ROLES, type Role } from "../roles.ts";
import { renderColumns } from "./columns.ts";
import type { Output } from "./output.ts";
import { describeSet } from "./summary.ts";

const EVALUATE_HELP = `Usage: bun apps/model-training/src/cli.ts evaluate --model FOLDER --data PATH … [OPTION…]

Measures a model folder (model.onnx and card.json) on labelled URLs, under the threshold of its card.

  --model FOLDER           such as apps/model-service/models/v2
  --data PATH              files or folders; val, test and holdout files are measured, each on its own
  --val, --test, --holdout PATH
                           a file of another name for one of these
  --json                   prints the result as JSON instead of a table
  --help                   prints this

Says as well what is to be watched: a model older than 60 days, 500 rows or more that are spread
otherwise than those that the card was made with. A wrong call ends with 2, any other failure with 1.
`;

const OPTIONS = {
  model: { type: "string" },
  data: { type: "string", multiple: true },
  val: { type: "string", multiple: true },
  test: { type: "string", multiple: true },
  holdout: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const MEASURED: readonly Role[] = ROLES.filter((role) => role !== "train");

/** `evaluate`: what a shipped file does on rows. */
export async function runEvaluate(argv: readonly string[], output: Output): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
  });
  if (values.help) return output.print(EVALUATE_HELP);
  const { model } = values;
  if (model === undefined) throw bad("--model names no folder");
  const card = await readCard(model);
  requireContract(model, card);
  const { val = [], test = [], holdout = [] } = values;
  const files = await findDataFiles([...(values.data ?? []), ...positionals], {
    val,
    test,
    holdout,
  });
  const roles = MEASURED.filter((role) => files[role].length > 0);
  if (roles.length === 0) throw bad(`no data for ${MEASURED.join(", ")}; give --data or --test`);

  const scorer = await openScorer(await readModel(model, card));
  const reports: SetReport[] = [];
  const findings = [...checkCard(card, new Date())];
  try {
    for (const role of roles) {
      const rows = readRows(files[role], { signal: output.signal });
      const set = await readEvaluationSet(role, rows);
      const scored = await scoreSet(set, scorer);
      reports.push(measureSet(set, scored, decisionOf(card), { seed: card.seed }));
      findings.push(...checkShift(card, set, scored));
    }
  } finally {
    await scorer.close();
  }
  output.print(
    values.json
      ? `${JSON.stringify({ sets: reports, findings }, undefined, 2)}\n`
      : renderReports(card, reports) + renderFindings(findings),
  );
}

/** Features of another contract would be scored in silence, or fail at the model's inputs. */
function requireContract(folder: string, { contract }: Card): void {
  if (contract === CONTRACT) return;
  const message = `Cannot evaluate "${folder}": it was trained for "${contract}", features made here are of "${CONTRACT}"`;
  throw new TrainingError("OTHER_CONTRACT", message);
}

/** Whether probabilities and lengths are spread as on the rows that the model was measured on. */
function checkShift(card: Card, set: EvaluationSet, scored: Scored): readonly Finding[] {
  const { drift, metrics } = card;
  const check = (name: "probability" | "length", values: Iterable<number>) =>
    checkDrift(
      `${set.name}: ${name}`,
      { histogram: drift[name], rows: metrics.test.rows },
      { histogram: buildHistogram(values, drift[name].edges), rows: set.rows.length },
    );
  return [...check("probability", scored.probability), ...check("length", set.length)];
}

/** A line each, apart from what is above. */
function renderFindings(findings: readonly Finding[]): string {
  const lines = findings.map(({ check, message }) => `watch ${check}: ${message}\n`);
  return lines.length === 0 ? "" : ["\n", ...lines].join("");
}

/** The bytes of the model, which must be those that the card describes. */
async function readModel(folder: string, card: Card): Promise<Uint8Array> {
  const path = join(folder, MODEL_FILE);
  const bytes = await Bun.file(path)
    .bytes()
    .catch((cause: unknown) => {
      throw new TrainingError("MODEL_BROKEN", `Cannot read "${path}"`, { cause });
    });
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  if (sha256 === card.sha256) return bytes;
  const message = `Cannot use "${path}": its sha256 is ${sha256}, its card says ${card.sha256}`;
  throw new TrainingError("MODEL_BROKEN", message);
}

function decisionOf(card: Card): Decision {
  const { threshold, thresholdChosen, unsure, prior, metrics } = card;
  return {
    threshold,
    chosen: { ...thresholdChosen, missRate: unsure.missRate },
    band: { low: unsure.low, high: unsure.high },
    points: metrics.test.points.map(({ targetFpr, threshold: at }) => ({
      targetFpr,
      threshold: at,
    })),
    prior,
  };
}

function renderReports(card: Card, reports: readonly SetReport[]): string {
  const head = ["set", "rows", "accuracy %", "AUC", "found @1 %", "found @0.1 %"];
  const rows = reports.map((report) => {
    const {
      name,
      rows: count,
      domains: sites,
      metrics,
      sure,
      points,
      phishing,
      legitimate,
    } = report;
    const figures = {
      rows: count,
      phishing,
      legitimate,
      sites,
      ...metrics,
      sure,
      points: [...points],
    };
    return [name, count.toLocaleString("en"), ...describeSet(figures)];
  });
  const title = `${card.name} ${card.version}, threshold ${card.threshold}\n\n`;
  return title + renderColumns([...head, "false alarms %", "found %"], rows);
}

function bad(state: string): TrainingError {
  return new TrainingError("BAD_OPTION", `Cannot evaluate: ${state}`);
}
