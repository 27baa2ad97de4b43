// Benchmark: what training costs beside turning URLs into features, which every pass must do at the least.
import { parseArgs } from "node:util";
import { canonicalise, featurise } from "@hookline/lib-ml";
import { renderColumns } from "../src/command/columns.ts";
import { type Row, readRows } from "../src/dataset.ts";
import { train } from "../src/learn/train.ts";
import type { ModelKind } from "../src/learn/weights.ts";
import { findDataFiles, requireRoles } from "../src/roles.ts";

const HELP = `Usage: bun apps/model-training/bench/training.ts [options]

CPU time of a pass over training rows that are held in memory: only turning URLs into features, and
training each model. The ways take turns; medians, quartiles and the ratio to the first are printed.

  --data <path>       files or folders with training rows (default ../shared/data)
  --rows <number>     rows of a pass (default 100000)
  --repeats <number>  how often each way runs (default 5)
  --json              figures as JSON
  --help              this text
`;

const { values } = parseArgs({
  options: {
    data: { type: "string", multiple: true, default: ["../shared/data"] },
    rows: { type: "string", default: "100000" },
    repeats: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const files = await findDataFiles(values.data);
  requireRoles(files, ["train"]);
  const rows: Row[] = [];
  for await (const row of readRows(files.train)) {
    rows.push(row);
    if (rows.length === Number(values.rows)) break;
  }
  const ways: readonly (readonly [string, () => Promise<number>])[] = [
    ["features only", async () => featuriseAll(rows)],
    ["linear", () => trainOnce("linear", rows)],
    ["wide-bag", () => trainOnce("wide-bag", rows)],
  ];
  const times = new Map<string, number[]>(ways.map(([name]) => [name, []]));
  for (let repeat = 0; repeat < Number(values.repeats); repeat += 1) {
    for (const [name, run] of ways) {
      const before = process.cpuUsage();
      const passes = await run();
      const { user, system } = process.cpuUsage(before);
      times.get(name)?.push((user + system) / (passes * rows.length));
    }
  }
  const floor = quartiles(times.get("features only") ?? [])[1];
  const figures = [...times].map(([name, list]) => {
    const [low, median, high] = quartiles(list);
    return { name, median, low, high, ratio: median / floor };
  });
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ rows: rows.length, figures }, undefined, 2)}\n`
      : `${rows.length.toLocaleString("en")} rows a pass, CPU time\n${renderColumns(
          ["", "µs per URL and pass", "quartiles", "ratio"],
          figures.map(({ name, median, low, high, ratio }) => [
            name,
            median.toFixed(2),
            `${low.toFixed(2)}–${high.toFixed(2)}`,
            ratio.toFixed(2),
          ]),
        )}`,
  );
}

/** One pass; gives the number of passes. */
function featuriseAll(rows: readonly Row[]): number {
  let ids = 0;
  for (const { url } of rows) {
    const canonical = canonicalise(url);
    if (canonical !== undefined) ids += featurise(canonical).ids.length;
  }
  // The sum is used, so that the loop cannot be left out.
  return ids > 0 ? 1 : 0;
}

async function trainOnce(kind: ModelKind, rows: readonly Row[]): Promise<number> {
  let passes = 1;
  async function* read(): AsyncGenerator<Row> {
    yield* rows;
  }
  await train(kind, read, {
    seed: 1,
    onProgress: ({ epochs }) => {
      passes = epochs;
    },
  });
  return passes;
}

function quartiles(values: readonly number[]): readonly [number, number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.25), at(0.5), at(0.75)];
}

if (values.help) process.stdout.write(HELP);
else await main();
