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
outputs is compared first; the run fails where they differ. Figures are medians in milliseconds. The
commands run as they do from the second time on: compiled, as the first left them.

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
  /** How often the real one runs; ours does `times` each time. */
  readonly turns: number;
  readonly times: number;
  /** The least ratio of the commands, where they are timed. */
  readonly wantedOfCommands?: number;
}

interface Timed {
  readonly run: () => void;
  readonly times?: number;
}

const CASES: readonly Case[] = [
  { tree: createOverlay(), wanted: 60, turns: 25, times: 8, wantedOfCommands: 3 },
  { tree: createFleet(100), wanted: 20, turns: 9, times: 8 },
  { tree: createFleet(1000), wanted: 20, turns: 3, times: 5 },
];
const HUGE: Case = { tree: createFleet(4000), wanted: 100, turns: 1, times: 5 };
/** Linear is 4; the real one takes more than thirty times as long. */
const MAX_GROWTH = 5;
const ROOT = join(import.meta.dir, "../../..");
/** Our command as people run it: by the script of the repository, and by its file. */
const COMMANDS: readonly (readonly [how: string, words: readonly string[]])[] = [
  ["bun run kustomize", [process.execPath, "run", "--silent", "--cwd", ROOT, "kustomize", "build"]],
  ["bun cli.ts", [process.execPath, join(ROOT, "packages/kustomize-ts/src/cli.ts"), "build"]],
];

function median(times: readonly number[]): number {
  return [...times].sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** The medians of what is run in turn, so that all meet the same load; of one, `times` runs a turn. */
function timeInTurn(turns: number, runs: readonly Timed[]): readonly number[] {
  const all = runs.map((): number[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, { run, times = 1 }] of runs.entries()) {
      for (let count = 0; count < times; count += 1) all[index]?.push(time(run));
    }
  }
  return all.map(median);
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

function measure(judge: Judge, each: Case, folder: string): readonly Row[] {
  const { tree, wanted, turns, times, wantedOfCommands } = each;
  const path = writeTree(tree, join(folder, tree.name));
  const real = [judge.program, ...judge.words, path];
  const ours = COMMANDS.map(([, words]) => [...words, path]);
  const expected = runProgram(real);
  if ([render(path), ...ours.map(runProgram)].some((text) => text !== expected)) {
    throw new Error(`${tree.name}: the outputs differ`);
  }
  for (let count = 0; count < turns * times; count += 1) render(path);
  const commands = wantedOfCommands === undefined ? [] : ours;
  const [realMs = Number.NaN, inProcessMs = Number.NaN, ...commandMs] = timeInTurn(turns, [
    { run: () => runProgram(real) },
    { run: () => render(path), times },
    ...commands.map((command) => ({ run: () => runProgram(command) })),
  ]);
  const toRow = (how: string, oursMs: number, least: number): Row => {
    const what = `${tree.name}, ${how}`;
    return { what, realMs, oursMs, ratio: realMs / oursMs, wanted: least };
  };
  return [
    toRow("in process", inProcessMs, wanted),
    ...commandMs.map((ms, i) => toRow(`as \`${COMMANDS[i]?.[0]}\``, ms, wantedOfCommands ?? 0)),
  ];
}

function formatTable(judge: Judge, rows: readonly Row[]): string {
  const version = judge.version.join(".");
  const lines = rows.map(
    ({ what, realMs, oursMs, ratio, wanted }) =>
      `| ${what} | ${realMs.toFixed(1)} | ${oursMs.toFixed(2)} | ${ratio.toFixed(ratio < 10 ? 1 : 0)}× | ${wanted}× |`,
  );
  return `| build | Kustomize ${version}, ms | ours, ms | ratio | wanted |\n|---|---:|---:|---:|---:|\n${lines.join("\n")}\n`;
}

/** How many times as long 4,000 take as 1,000. */
function measureGrowth(folder: string): number {
  const runs = [createFleet(1000), HUGE.tree].map((tree) => ({
    run: () => render(join(folder, tree.name, tree.root)),
  }));
  const [some = Number.NaN, many = Number.NaN] = timeInTurn(9, runs);
  return many / some;
}

function readFlags(): ReturnType<typeof parseFlags> {
  try {
    return parseFlags(process.argv.slice(2), FLAGS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.isOn("help")) {
    process.stdout.write(HELP);
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
    process.stdout.write(text);
    const isSlow = rows.some(({ ratio, wanted }) => ratio < wanted) || (factor ?? 0) > MAX_GROWTH;
    process.exitCode = isSlow ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
