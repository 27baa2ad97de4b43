import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTRACT } from "@hookline/lib-ml";
import { readCard } from "../card/card.ts";
import { CARD } from "../card/fixtures.ts";

const ROOM = join(import.meta.dirname, "../..");
const CLI = join(ROOM, "src/cli.ts");
const DATA = join(ROOM, "testdata");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-train-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...argv: readonly string[]) {
  const child = Bun.spawn([process.execPath, CLI, ...argv], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}

test("train writes both models with their cards and nothing else", async () => {
  const out = join(folder, "models");
  const exclude = ["--exclude-source", "closed-feed", "--twin"];
  const { code, stdout, stderr } = await run("train", "--data", DATA, "--out", out, ...exclude);
  expect([code, stderr.split("\n").filter((line) => line.startsWith("Cannot"))]).toEqual([0, []]);
  expect(await readdir(out)).toEqual(["v1", "v2"]);
  expect(stdout).toContain("linear twin");
  expect(stderr).toContain("linear (twin): measuring");
  const files = [
    "MODEL_CARD.md",
    "card.json",
    "model.onnx",
    "reliability.svg",
    "roc.svg",
    "scores.svg",
  ];
  for (const [name, kind] of [
    ["v1", "linear"],
    ["v2", "wide-bag"],
  ] as const) {
    expect((await readdir(join(out, name))).sort()).toEqual(files);
    const card = await readCard(join(out, name));
    expect([card.name, card.data.excluded]).toEqual([kind, ["closed-feed"]]);
    const unused = card.data.sources.filter((source) => !source.used).map((source) => source.name);
    expect(unused).toEqual(["closed-feed"]);
    expect(card.metrics.twin?.trainRows).toBeGreaterThan(card.data.trainRows);
  }
  const evaluated = await run("evaluate", "--model", join(out, "v2"), "--data", DATA, "--json");
  const { sets: reports }: { sets: { name: string; metrics: { auc: { value: number } } }[] } =
    JSON.parse(evaluated.stdout);
  const card = await readCard(join(out, "v2"));
  expect(reports.map((report) => report.name)).toEqual(["val", "test", "holdout"]);
  expect(reports[1]?.metrics.auc.value).toBeCloseTo(card.metrics.test.auc.value, 6);
}, 120_000);

test("train replaces a model but no other folder", async () => {
  const out = join(folder, "again");
  const linear = ["train", "--data", DATA, "--model", "linear", "--out", out];
  expect((await run(...linear)).code).toBe(0);
  const first = await readCard(join(out, "v1"));
  expect((await run(...linear, "--seed", "2")).code).toBe(0);
  const second = await readCard(join(out, "v1"));
  expect([first.seed, second.seed]).toEqual([1, 2]);
  const foreign = join(folder, "foreign");
  await mkdir(join(foreign, "v1"), { recursive: true });
  await writeFile(join(foreign, "v1", "thesis.txt"), "years of work");
  const refused = await run("train", "--data", DATA, "--model", "linear", "--out", foreign);
  expect([refused.code, await readdir(join(foreign, "v1"))]).toEqual([1, ["thesis.txt"]]);
  expect(refused.stderr).toContain("it holds files but no card.json, so it is no model");
}, 120_000);

test("train keeps the model of the seed that does best on val", async () => {
  const train = ["train", "--data", DATA, "--model", "wide-bag"];
  const alone: { seed: number; valLogLoss: number; sha256: string }[] = [];
  for (const seed of [1, 2, 3]) {
    const out = join(folder, `seed-${seed}`);
    expect((await run(...train, "--seed", `${seed}`, "--out", out)).code).toBe(0);
    const { seedsTried, sha256 } = await readCard(join(out, "v2"));
    alone.push(...seedsTried.map((tried) => ({ ...tried, sha256 })));
  }
  const [best, second, worst] = alone.toSorted((a, b) => a.valLogLoss - b.valLogLoss);
  // The best stands in the middle, so that neither the first nor the last is kept by chance.
  const order = [worst, best, second];
  const seeds = order.map((one) => one?.seed);
  const out = join(folder, "seeds");
  const { stderr } = await run(...train, "--seed", seeds.join(","), "--out", out);
  expect(stderr).toContain(`wide-bag, seed ${worst?.seed}: training`);
  const card = await readCard(join(out, "v2"));
  expect([card.seed, card.sha256]).toEqual([Number(best?.seed), `${best?.sha256}`]);
  expect(card.seedsTried.map((tried) => tried.valLogLoss)).toEqual(
    order.map((one) => Number(one?.valLogLoss)),
  );
  const text = await readFile(join(out, "v2", "MODEL_CARD.md"), "utf8");
  expect(text).toContain(
    `seed ${best?.seed}: of seeds ${seeds.join(", ")} the one with the lowest`,
  );
}, 120_000);

test.each<[string, readonly string[], string, number]>([
  [
    "an unknown model",
    ["--model", "forest"],
    'Cannot train: unknown model "forest"; known are linear, wide-bag, both',
    2,
  ],
  ["an unknown option", ["--modle", "linear"], "Cannot run train: Unknown option '--modle'", 2],
  ["a stray word", ["linear"], 'Cannot read "linear": no such file or folder', 1],
  ["a seed that is no number", ["--seed", "x"], "Cannot train: --seed must be whole numbers", 2],
  ["a seed list with a gap", ["--seed", "1,,2"], "Cannot train: --seed must be whole numbers", 2],
  [
    "a twin without an excluded source",
    ["--twin"],
    "Cannot train: --twin compares with a model trained on all rows",
    2,
  ],
  [
    "an excluded source that does not occur",
    ["--exclude-source", "opnphish"],
    'Cannot exclude "opnphish"',
    2,
  ],
  [
    "a folder that is not there",
    ["--data", "absent"],
    'Cannot read "absent": no such file or folder',
    1,
  ],
])("train refuses %s", async (_, extra, message, exitCode) => {
  const out = join(folder, "refused");
  const { code, stderr } = await run("train", "--data", DATA, "--out", out, ...extra);
  expect(code).toBe(exitCode);
  expect(stderr).toContain(message);
  expect(existsSync(out)).toBe(false);
});

test.each<[string, string, string, string]>([
  [
    "a bad row",
    "train.tsv",
    "phishing\tx.example\n",
    "train.tsv:1: expected label<TAB>url<TAB>source",
  ],
  ["an empty file", "train.tsv", "", "Cannot use the train data: no row is left"],
  [
    "one class only",
    "test.tsv",
    "phishing\tx.example\ta\n",
    "Cannot use the test data: both classes are needed, found 1 phishing and 0 legitimate rows",
  ],
])("train refuses %s", async (name, file, content, message) => {
  const data = join(folder, name.replaceAll(" ", "-"));
  await mkdir(data);
  for (const role of ["train.tsv", "val.tsv", "test.tsv"]) {
    await Bun.write(join(data, role), Bun.file(join(DATA, role)));
  }
  await writeFile(join(data, file), content);
  const { code, stderr } = await run("train", "--data", data, "--out", join(folder, "x"));
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(existsSync(join(folder, "x"))).toBe(false);
});

test("train says which roles have no data, and without --out which option is missing", async () => {
  const one = await run("train", "--data", join(DATA, "val.tsv"), "--out", folder);
  expect(one.stderr).toBe(
    "Cannot start: no data for train, test; name files so (train.tsv.gz) or give --train, --test\n",
  );
  const two = await run("train", "--data", DATA);
  expect(two.stderr).toBe("Cannot train: --out names no folder; give one, as in --out models\n");
  const none = await run("train");
  expect([none.code, none.stderr]).toEqual([
    2,
    "Cannot train: neither --data nor --out is given, as in --data data --out models; see its --help\n",
  ]);
});

test("train and evaluate take files one after another, as a shell writes data/*.tsv", async () => {
  const out = join(folder, "files");
  const files = ["train.tsv", "val.tsv", "test.tsv"].map((name) => join(DATA, name));
  const trained = await run("train", "--data", ...files, "--model", "linear", "--out", out);
  expect([trained.code, /^linear +298 +test /m.test(trained.stdout)]).toEqual([0, true]);
  const measured = await run("evaluate", "--model", join(out, "v1"), "--data", ...files.slice(1));
  expect([measured.code, /^test +115 /m.test(measured.stdout)]).toEqual([0, true]);
}, 120_000);

test("evaluate refuses a model whose bytes are not those of its card", async () => {
  const out = join(folder, "tampered");
  await run("train", "--data", DATA, "--model", "linear", "--out", out);
  await writeFile(join(out, "v1", "model.onnx"), "something else");
  const { code, stderr } = await run("evaluate", "--model", join(out, "v1"), "--data", DATA);
  expect([code, stderr.includes("its card says")]).toEqual([1, true]);
}, 120_000);

test("evaluate refuses a model of features that are not made here any more", async () => {
  const model = join(folder, "older");
  await mkdir(model);
  await writeFile(join(model, "card.json"), JSON.stringify({ ...CARD, contract: "lib-ml/0" }));
  const { code, stderr } = await run("evaluate", "--model", model, "--data", DATA);
  const message = `Cannot evaluate "${model}": it was trained for "lib-ml/0", features made here are of "${CONTRACT}"\n`;
  expect([code, stderr]).toEqual([1, message]);
});

test.each(["train", "evaluate"])("%s --help explains its options", async (command) => {
  const { code, stdout } = await run(command, "--help");
  expect([code, stdout.startsWith("Usage: bun ")]).toEqual([0, true]);
});

test("an unknown command is refused by name", async () => {
  const { code, stderr } = await run("trian");
  expect([code, stderr.startsWith('Cannot run "trian": the commands are train, evaluate')]).toEqual(
    [2, true],
  );
});

test.each([[["train"]], [["data", "--only", "nope"]], [["evaluate"]], [["tarin"]]])(
  "%j --json tells its error to programs",
  async (words) => {
    const { code, stdout, stderr } = await run(...words, "--json");
    expect([code, stdout]).toEqual([2, ""]);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "BAD_OPTION", message: expect.stringMatching(/^Cannot /) },
    });
  },
  120_000,
);
