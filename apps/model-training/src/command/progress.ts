import type { ProgressMessage } from "../fleet-messages.ts";
import type { ModelKind } from "../learn/weights.ts";

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** A terminal keeps one line; anything else gets a line a stage, and one every ten seconds. */
  readonly isTerminal: boolean;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

export interface ProgressPrinter {
  readonly report: (kind: ModelKind, progress: ProgressMessage) => void;
  /** Ends the line that is being kept. */
  readonly end: () => void;
}

const LINE_EVERY_MS = 10_000;
const STAGES = {
  survey: "looking over the data",
  train: "training",
  export: "calibrating and writing ONNX",
  evaluate: "measuring",
} as const;

/** Prints how far each model is, with rows a second and time left. */
export function createProgress({ write, isTerminal, now }: ProgressOptions): ProgressPrinter {
  const states = new Map<string, { stage: string; since: number; printed: number; text: string }>();
  const report = (kind: ModelKind, progress: ProgressMessage): void => {
    const name = progress.twin ? `${kind} (twin)` : kind;
    const previous = states.get(kind);
    const seed = progress.seed === undefined ? "" : `, seed ${progress.seed}`;
    const stage = `${name}${seed}: ${STAGES[progress.stage]}`;
    const at = now();
    const isNew = previous?.stage !== stage;
    const since = isNew ? at : (previous?.since ?? at);
    const text = `${stage}${describeRows(progress.training, at - since)}`;
    const due = isNew || at - (previous?.printed ?? 0) >= LINE_EVERY_MS;
    const printed = due ? at : (previous?.printed ?? 0);
    states.set(kind, { stage, since, printed, text });
    if (isTerminal) write(`\r\x1b[K${[...states.values()].map((s) => s.text).join("  |  ")}`);
    else if (due) write(`${text}\n`);
  };
  return { report, end: () => isTerminal && states.size > 0 && write("\n") };
}

function describeRows(training: ProgressMessage["training"], elapsedMs: number): string {
  if (training === undefined) return "";
  const { rows, total, epoch, epochs } = training;
  const of = total === undefined ? "" : `/${total.toLocaleString("en")}`;
  const pass = epochs > 1 ? ` pass ${epoch}/${epochs},` : "";
  const head = `${pass} ${rows.toLocaleString("en")}${of} rows`;
  if (elapsedMs <= 0) return head;
  const done = total === undefined ? rows : (epoch - 1) * total + rows;
  const rate = (done / elapsedMs) * 1000;
  const speed = `, ${Math.round(rate).toLocaleString("en")} rows/s`;
  if (total === undefined || rate === 0) return head + speed;
  const left = Math.max(0, Math.ceil((epochs * total - done) / rate));
  return `${head}${speed}, ${left} s left`;
}
