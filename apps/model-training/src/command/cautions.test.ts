// What `train` says aloud of data that proves little.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCard } from "../card/card.ts";
import { createRandom } from "../evaluate/random.ts";

const ROOM = join(import.meta.dirname, "../..");
const DATA = join(ROOM, "testdata");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-cautions-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(data: string, out: string) {
  const argv = ["train", "--model", "linear", "--data", data, "--out", out];
  const child = Bun.spawn([process.execPath, join(ROOM, "src/cli.ts"), ...argv], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect(await child.exited).toBe(0);
  const warnings = stderr.split("\n").filter((line) => line.startsWith("warning: "));
  const model = join(out, "v1");
  return {
    warnings,
    card: await readCard(model),
    text: await Bun.file(join(model, "MODEL_CARD.md")).text(),
  };
}

async function writeData(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const data = join(folder, name);
  await mkdir(data);
  for (const [role, text] of Object.entries(files))
    await writeFile(join(data, `${role}.tsv`), text);
  return data;
}

const read = (role: string) => Bun.file(join(DATA, `${role}.tsv`)).text();

test("train warns of test sites in the training rows, and the card does not deny them", async () => {
  const [learnt, val, tested] = [await read("train"), await read("val"), await read("test")];
  const few = tested.split("\n").slice(0, 30).join("\n");
  const data = await writeData("leaky", { train: `${learnt}${few}\n`, val, test: tested });
  const { warnings, card, text } = await train(data, join(folder, "leaky-out"));
  expect(card.data.shared["test"]).toBeGreaterThanOrEqual(30);
  const said = `${card.data.shared["test"]} share a site with test rows`;
  expect(warnings.filter((line) => line.includes(said))).toHaveLength(1);
  expect(text).toContain(said);
  expect(text).not.toContain("No site of the test rows");
}, 120_000);

test("train warns of rows that are no URLs, of which it learns nothing", async () => {
  const [learnt, val, tested] = [await read("train"), await read("val"), await read("test")];
  const junk = "phishing\tnot an address\tfeed\n".repeat(40);
  const data = await writeData("junk", { train: learnt + junk, val, test: tested });
  const { warnings } = await train(data, join(folder, "junk-out"));
  expect(warnings).toEqual([
    "warning: linear: Rows whose text is no URL were passed over: 40 of train",
  ]);
}, 120_000);

test("train warns when it learns nothing that tells the rows of val and test apart", async () => {
  const random = createRandom(1);
  const word = () => Math.floor(random() * 26 ** 5).toString(26);
  const noise = Array.from({ length: 400 }, () => {
    const label = random() < 0.5 ? "legitimate" : "phishing";
    return `${label}\t${word()}${word()}.com/${word()}/${word()}?${word()}=${word()}\tlist\n`;
  }).join("");
  const [val, tested] = [await read("val"), await read("test")];
  const data = await writeData("noise", { train: noise, val, test: tested });
  const { warnings, card } = await train(data, join(folder, "noise-out"));
  expect([card.metrics.test.frozenTpr.value, card.metrics.test.frozenFpr.value]).toEqual([0, 0]);
  expect(card.precisionAt.map(({ precision }) => precision)).toEqual([0, 0]);
  expect(warnings.join("\n")).toContain("The threshold finds no phishing of the test rows");
}, 120_000);

test("train warns when the rows are too easy to choose a threshold by", async () => {
  const rows = (role: string) =>
    Array.from({ length: 300 }, (_, row) =>
      row % 2 === 0
        ? `legitimate\thttps://${role}-garden-${row}.example/flowers/roses\tlist\n`
        : `phishing\thttp://${role}-${row}.test/secure/login/verify/account.php?session=1\tfeed\n`,
    ).join("");
  const data = await writeData("easy", { train: rows("a"), val: rows("b"), test: rows("c") });
  const { warnings, card } = await train(data, join(folder, "easy-out"));
  expect(card.unsure.low).toBe(card.unsure.high);
  expect(warnings.join("\n")).toContain(`The unsure band is empty (${card.unsure.low} to`);
}, 120_000);
