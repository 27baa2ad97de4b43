import { expect, test } from "bun:test";
import { join } from "node:path";

const DATA = join(import.meta.dirname, "../testdata");

async function run(script: string, ...argv: readonly string[]): Promise<string> {
  const path = join(import.meta.dirname, script);
  const child = Bun.spawn([process.execPath, path, ...argv], { stdout: "pipe", stderr: "pipe" });
  const [text, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect([await child.exited, errors.includes("rror")]).toEqual([0, false]);
  return text;
}

test("quality.ts measures three models on the same rows", async () => {
  const report: {
    models: { name: string; flips: number; sets: Record<string, { auc: { value: number } }> }[];
    gains: { name: string; set: string }[];
  } = JSON.parse(await run("quality.ts", "--data", DATA, "--flip-urls", "100", "--json"));
  expect(report.models.map((model) => model.name)).toEqual([
    "raw string",
    "v1 linear",
    "v2 wide-bag",
  ]);
  for (const { name, sets } of report.models) {
    expect([name, (sets["test"]?.auc.value ?? 0) > 0.9]).toEqual([name, true]);
  }
  const [raw, ...ours] = report.models.map((model) => model.flips);
  expect([(raw ?? 0) > 0.01, ours]).toEqual([true, [0, 0]]);
  expect(report.gains.length).toBe(4);
}, 120_000);

test("training.ts compares a pass of training with one of features only", async () => {
  const argv = ["--data", DATA, "--rows", "100", "--repeats", "3", "--json"];
  const report: { rows: number; figures: { name: string; median: number; ratio: number }[] } =
    JSON.parse(await run("training.ts", ...argv));
  expect(report.figures.map((figure) => figure.name)).toEqual([
    "features only",
    "linear",
    "wide-bag",
  ]);
  expect([report.rows, report.figures[0]?.ratio]).toEqual([100, 1]);
}, 120_000);

test.each(["quality.ts", "training.ts"])("%s --help explains its options", async (script) => {
  expect(await run(script, "--help")).toStartWith(`Usage: bun apps/model-training/bench/${script}`);
});

test("bun run bench finds both", async () => {
  const help = await run("../../../.ci/bench.ts", "--help");
  expect(help).toContain("\n  model-training/quality   ");
  expect(help).toContain("\n  model-training/training  ");
});

test("bun run bench tells the options of one", async () => {
  const help = await run("../../../.ci/bench.ts", "model-training/training", "--help");
  expect(help).toStartWith("Usage: bun apps/model-training/bench/training.ts");
});

test.each([
  [
    "a name that there is not",
    ["nope"],
    'Cannot run "nope": no benchmark has that name; see bun run bench --help\n',
  ],
  [
    "an option that the benchmark does not know",
    ["model-training/training", "--nope"],
    "# model-training/training\nUnknown option '--nope'\nsee bun run bench model-training/training --help\n",
  ],
  [
    "an option, and no name",
    ["--nope"],
    "Cannot run every benchmark with --nope: options are of one benchmark; see bun run bench --help\n",
  ],
])("bun run bench ends with 2 at %s", (_, words, told) => {
  const script = join(import.meta.dirname, "../../../.ci/bench.ts");
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, script, ...words]);
  expect([exitCode, stderr.toString().slice(0, told.length)]).toEqual([2, told]);
});
