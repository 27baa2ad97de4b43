// The peers' figures beside those of our model: bun apps/model-training/bench/peers/compare.ts [model folder]
import { join } from "node:path";
import { z } from "zod";

const share = z.number().min(0).max(1);
const Figures = z.object({
  accuracy: share,
  auc: share,
  tprAtFpr1: share,
  tprAtFpr01: share,
  frozenFpr: share,
});

const Results = z.record(
  z.string(),
  z.object({
    name: z.string(),
    training: z.object({ rows: z.int() }),
    data: z.record(z.string(), z.object({ sha256: z.string() })),
    figures: z.object({ test: Figures, holdout: Figures }),
  }),
);

const estimate = z.object({ value: share }).transform(({ value }) => value);
const CardFigures = z.object({
  accuracy: estimate,
  auc: estimate,
  tprAtFpr1: estimate,
  tprAtFpr01: estimate,
  frozenFpr: estimate,
});
const Sets = { test: CardFigures, holdout: CardFigures };
const Card = z.object({
  name: z.string(),
  version: z.string(),
  data: z.object({
    trainRows: z.int(),
    files: z.array(z.object({ role: z.string(), sha256: z.string() })),
  }),
  metrics: z.object({
    ...Sets,
    /** The same model trained on all rows, as the peers were. */
    twin: z.object({ trainRows: z.int(), ...Sets }).optional(),
  }),
});

/** A model as a line of the table. */
export interface Line {
  readonly name: string;
  readonly rows: number;
  readonly test: z.infer<typeof Figures>;
  readonly holdout: z.infer<typeof Figures>;
  /** SHA-256 of the test and holdout files. */
  readonly measuredOn: readonly (string | undefined)[];
}

/** The peers of a result file, in its order. */
export function parseResults(value: unknown): readonly Line[] {
  return Object.values(Results.parse(value)).map(({ name, training, data, figures }) => ({
    name,
    rows: training.rows,
    ...figures,
    measuredOn: [data["test"]?.sha256, data["holdout"]?.sha256],
  }));
}

/** Our model by its card: the twin that saw the peers' rows where there is one. */
export function parseCard(value: unknown): Line {
  const { name, version, data, metrics } = Card.parse(value);
  const shaOf = (role: string) => data.files.find((file) => file.role === role)?.sha256;
  const { test, holdout } = metrics.twin ?? metrics;
  return {
    name: `${name} ${version}${metrics.twin ? ", all rows" : ""}`,
    rows: metrics.twin?.trainRows ?? data.trainRows,
    test,
    holdout,
    measuredOn: [shaOf("test"), shaOf("holdout")],
  };
}

interface Figure {
  readonly title: string;
  readonly isMoreBetter: boolean;
  readonly of: (line: Line) => number;
  readonly show: (value: number) => string;
}

const percent = (value: number) => (value * 100).toFixed(2);
const digits = (value: number) => value.toFixed(4);

/** What is compared. Less is better of false alarms and of how they grow from test to the holdout. */
const COLUMNS: readonly Figure[] = [
  { title: "accuracy", isMoreBetter: true, of: ({ test }) => test.accuracy, show: percent },
  { title: "AUC", isMoreBetter: true, of: ({ test }) => test.auc, show: digits },
  { title: "TPR@1 %", isMoreBetter: true, of: ({ test }) => test.tprAtFpr1, show: percent },
  { title: "TPR@0.1 %", isMoreBetter: true, of: ({ test }) => test.tprAtFpr01, show: percent },
  {
    title: "holdout acc.",
    isMoreBetter: true,
    of: ({ holdout }) => holdout.accuracy,
    show: percent,
  },
  { title: "holdout AUC", isMoreBetter: true, of: ({ holdout }) => holdout.auc, show: digits },
  {
    title: "holdout FPR",
    isMoreBetter: false,
    of: ({ holdout }) => holdout.frozenFpr,
    show: percent,
  },
  {
    title: "FPR ÷ test's",
    isMoreBetter: false,
    of: ({ test, holdout }) => holdout.frozenFpr / test.frozenFpr,
    show: (value) => value.toFixed(2),
  },
];

/** A line of the table; a peer's figure that is as good as ours or better has a star. */
export function formatLine(line: Line, ours?: Line): string {
  const cells = COLUMNS.map(({ isMoreBetter, of, show }) => {
    const own = of(line);
    const other = ours && of(ours);
    const isBetter = other !== undefined && (isMoreBetter ? own >= other : own <= other);
    return isBetter ? `${show(own)} *` : show(own);
  });
  return `| ${[line.name, line.rows.toLocaleString("en"), ...cells].join(" | ")} |`;
}

/** The whole table, with what to think of it. */
export function formatTable(ours: Line, peers: readonly Line[]): string {
  const header = `| model | rows | ${COLUMNS.map(({ title }) => title).join(" | ")} |`;
  const rule = header.replace(/[^|]+/g, " --- ");
  const lines = [header, rule, formatLine(ours), ...peers.map((peer) => formatLine(peer, ours))];
  const stars = lines.join("").split("*").length - 1;
  const figures = peers.length * COLUMNS.length;
  const others = peers.filter((peer) => peer.measuredOn.join() !== ours.measuredOn.join());
  return [
    ...lines,
    "",
    `${ours.name} is ahead on ${figures - stars} of ${figures} figures (* where it is not)`,
    ...others.map((peer) => `${peer.name} was measured on other rows: not comparable`),
    "",
  ].join("\n");
}

async function main([folder]: readonly string[]): Promise<number> {
  const models = join(import.meta.dir, "../../../model-service/models");
  const card = join(folder ?? join(models, "v2"), "card.json");
  const results = join(import.meta.dir, "results.json");
  try {
    const ours = parseCard(await Bun.file(card).json());
    process.stdout.write(formatTable(ours, parseResults(await Bun.file(results).json())));
    return 0;
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const what = issue ? `${issue.path.join(".")}: ${issue.message}` : String(error);
    process.stderr.write(`Cannot compare "${card}" with "${results}": ${what}\n`);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
