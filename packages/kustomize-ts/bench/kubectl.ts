// Benchmark: builds against those of kubectl kustomize, their outputs compared first.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../src/build.ts";
import { describeFlags, type FlagSpecs, parseFlags } from "../src/command-line/flags.ts";
import { createEnvironment, findJudge, type Judge } from "../src/differential/judge.ts";
import { type BenchTree, createFleet, createOverlay, writeTree } from "./trees.ts";

const FLAGS: FlagSpecs = {
  huge: { kind: "boolean", about: "4,000 resources too: the real one takes more than a minute" },
  json: { kind: "boolean", about: "print the figures as JSON" },
  help: { kind: "boolean", short: "h", about: "print this" },
};

const HELP = `Usage: bun packages/kustomize-ts/bench/kubectl.ts [flags]

Times builds against \`kubectl kustomize\` (or the program that KUSTOMIZE names) in one run. Every pair of
outputs is compared first; the run fails where they differ. Figures are medians in milliseconds.

Flags:
${describeFlags(FLAGS)}`;

/** One line of the table: medians, and how many times as long the real one takes. */
interface Row {
  readonly what: string;
  readonly realMs: number;
  readonly oursMs: number;
  readonly ratio: number;
  /** The least ratio that we promise. */
  readonly wanted: number;
}

interface Case {
  readonly tree: BenchTree;
  readonly wanted: number;
  readonly realRuns: number;
  readonly ourRuns: number;
}

const CASES: readonly Case[] = [
  { tree: createOverlay(), wanted: 60, realRuns: 15, ourRuns: 200 },
  { tree: createFleet(100), wanted: 20, realRuns: 7, ourRuns: 40 },
  { tree: createFleet(1000), wanted: 20, realRuns: 3, ourRuns: 11 },
];
const HUGE: Case = { tree: createFleet(4000), wanted: 100, realRuns: 1, ourRuns: 5 };
/** Linear is 4; the real one takes more than thirty times as long. */
const MAX_GROWTH = 5;
const COMMAND = { wanted: 3, runs: 15 };
/** The command as the README has it: through its script, which starts Bun without the optimising compiler. */
const COMMAND_WORDS = [
  process.execPath,
  "run",
  "--silent",
  "--cwd",
  join(import.meta.dir, "../../.."),
  "kustomize",
];

function median(times: readonly number[]): number {
  return [...times].sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function time(runs: number, run: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}

function runProgram(command: readonly string[]): string {
  const child = Bun.spawnSync([...command], { env: createEnvironment(), maxBuffer: 1 << 28 });
  if (child.exitCode !== 0) {
    throw new Error(`${command[0]} ended with ${child.exitCode}: ${child.stderr.toString()}`);
  }
  return child.stdout.toString();
}

/** As the command renders: in the order that the real one has without flags. */
function render(path: string): string {
  return build(path, { reorder: "unspecified" }).text;
}

function toRow(what: string, realMs: number, oursMs: number, wanted: number): Row {
  return { what, realMs, oursMs, ratio: realMs / oursMs, wanted };
}

function measure(judge: Judge, { tree, wanted, realRuns, ourRuns }: Case, folder: string): Row[] {
  const path = writeTree(tree, join(folder, tree.name));
  const real = [judge.program, ...judge.words, path];
  const ours = [...COMMAND_WORDS, "build", path];
  let expected = "";
  const realMs = time(realRuns, () => {
    expected = runProgram(real);
  });
  for (const [how, text] of [
    ["in process", render(path)],
    ["as a command", runProgram(ours)],
  ] as const) {
    if (text !== expected) {
      throw new Error(`${tree.name}, ${how}: the outputs differ`);
    }
  }
  time(Math.ceil(ourRuns / 2), () => render(path));
  const rows = [
    toRow(
      `${tree.name}, in process`,
      realMs,
      time(ourRuns, () => render(path)),
      wanted,
    ),
  ];
  return tree.root === "overlay" ? [...rows, measureCommand(tree, real, ours)] : rows;
}

/** The two programs in turn, so that both meet the same load. */
function measureCommand(tree: BenchTree, real: readonly string[], ours: readonly string[]): Row {
  const times = Array.from({ length: COMMAND.runs }, () =>
    [real, ours].map((command) => time(1, () => runProgram(command))),
  );
  const of = (index: number): number => median(times.map((pair) => pair[index] ?? Number.NaN));
  return toRow(`${tree.name}, as a command`, of(0), of(1), COMMAND.wanted);
}

function formatTable(judge: Judge, rows: readonly Row[]): string {
  const version = judge.version.join(".");
  const lines = rows.map(
    ({ what, realMs, oursMs, ratio, wanted }) =>
      `| ${what} | ${realMs.toFixed(1)} | ${oursMs.toFixed(2)} | ${ratio.toFixed(ratio < 10 ? 1 : 0)}× | ${wanted}× |`,
  );
  return `| build | Kustomize ${version}, ms | ours, ms | ratio | wanted |\n|---|---:|---:|---:|---:|\n${lines.join("\n")}\n`;
}

/** How many times as long 4,000 take as 1,000: medians of builds that take turns, so that both meet the same load. */
function measureGrowth(folder: string): number {
  const [some, many] = [createFleet(1000), HUGE.tree].map((tree) =>
    join(folder, tree.name, tree.root),
  );
  const times = Array.from({ length: 9 }, () =>
    [some, many].map((path) => time(1, () => render(path ?? "."))),
  );
  const of = (index: number): number => median(times.map((pair) => pair[index] ?? Number.NaN));
  return of(1) / of(0);
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2), FLAGS);
  if (flags.isOn("help")) {
    await Bun.write(Bun.stdout, HELP);
    return;
  }
  const judge = findJudge(process.env);
  if (judge === undefined) {
    throw new Error("there is no kubectl to compare with; KUSTOMIZE may name a kustomize");
  }
  const folder = mkdtempSync(join(tmpdir(), "kustomize-bench-"));
  try {
    const cases = flags.isOn("huge") ? [...CASES, HUGE] : CASES;
    const rows = cases.flatMap((each) => measure(judge, each, folder));
    const factor = flags.isOn("huge") ? measureGrowth(folder) : undefined;
    const note =
      factor === undefined
        ? ""
        : `\n4,000 take ${factor.toFixed(1)} times as long as 1,000 (${MAX_GROWTH} wanted).\n`;
    const text = flags.isOn("json")
      ? `${JSON.stringify({ version: judge.version, rows, growth: factor }, undefined, 2)}\n`
      : formatTable(judge, rows) + note;
    await Bun.write(Bun.stdout, text);
    const isSlow = rows.some(({ ratio, wanted }) => ratio < wanted) || (factor ?? 0) > MAX_GROWTH;
    process.exitCode = isSlow ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
