// What the README shows is what the commands print, and its figures are those of the shipped cards.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Card, readCard, type SetFigures } from "./card/card.ts";
import { renderTable } from "./card/table.ts";

const ROOT = join(import.meta.dirname, "../../..");
const ROOM = join(import.meta.dirname, "..");
const readme = await Bun.file(join(ROOM, "README.md")).text();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-readme-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("the README's example rows are rows of the test data", async () => {
  const example = /```tsv\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const rows = new Set((await Bun.file(join(ROOM, "testdata/train.tsv")).text()).split("\n"));
  const lines = example.trim().split("\n");
  expect(lines.filter((line) => !rows.has(line))).toEqual([]);
  expect(new Set(lines.map((line) => line.split("\t")[0]))).toEqual(
    new Set(["legitimate", "phishing"]),
  );
});

/** Seconds differ from run to run, and with them nothing else. */
const withoutSeconds = (text: string) => text.replace(/[\d.]+ s$/gm, "… s").trim();

test("the README's commands print what it says", async () => {
  const blocks = [...readme.matchAll(/```console\n\$ (.+)\n([\s\S]*?)```/g)];
  expect(blocks.length).toBe(2);
  for (const [, command = "", output = ""] of blocks) {
    const [bun, ...argv] = command
      .replace("bun run train", "bun apps/model-training/src/cli.ts train")
      .split(" ");
    expect(bun).toBe("bun");
    const args = argv.map((arg) => arg.replace(/^models/, join(folder, "models")));
    const child = Bun.spawn([process.execPath, ...args], {
      cwd: ROOT,
      stdout: "pipe",
      stderr: "ignore",
    });
    const printed = (await child.stdout.text()).replaceAll(`${folder}/`, "");
    expect(withoutSeconds(printed)).toBe(withoutSeconds(output));
  }
}, 120_000);

/** The main figures of the shipped models and their twins. */
function renderFigures(cards: readonly Card[]): string {
  const percent = (value: number, digits = 1) => (value * 100).toFixed(digits);
  const line = (name: string, rows: number, set: string, figures: SetFigures | undefined) =>
    figures === undefined
      ? []
      : [
          [
            name,
            set,
            rows.toLocaleString("en"),
            percent(figures.accuracy.value),
            figures.auc.value.toFixed(4),
            percent(figures.tprAtFpr1.value),
            percent(figures.tprAtFpr01.value),
            percent(figures.frozenFpr.value, 2),
          ],
        ];
  const rows = cards.flatMap(
    ({ name, version, data, metrics: { test: figures, holdout, twin } }) => [
      ...line(`${name} ${version}`, data.trainRows, "test", figures),
      ...line(`${name} ${version}`, data.trainRows, "holdout", holdout),
      ...line(`twin of ${name}`, twin?.trainRows ?? 0, "test", twin?.test),
      ...line(`twin of ${name}`, twin?.trainRows ?? 0, "holdout", twin?.holdout),
    ],
  );
  const head = ["model", "rows of", "trained on", "accuracy", "AUC", "found @1 %", "found @0.1 %"];
  return renderTable([...head, "false alarms"], rows, { text: [1] });
}

test("the README's figures are those of the shipped cards", async () => {
  const models = join(ROOT, "apps/model-service/models");
  const cards = [await readCard(join(models, "v1")), await readCard(join(models, "v2"))];
  const figures = /<!-- figures -->\n([\s\S]*?)\n<!-- \/figures -->/.exec(readme)?.[1];
  // The formatter pads the cells; the words count.
  const plain = (text = "") => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
  expect(plain(figures)).toBe(plain(renderFigures(cards)));
});

interface FiguresOfSets {
  readonly test: SetFigures;
  readonly holdout?: SetFigures | undefined;
}

test("the root README's figures are those of the shipped cards", async () => {
  const models = join(ROOT, "apps/model-service/models");
  const [v1, v2] = [await readCard(join(models, "v1")), await readCard(join(models, "v2"))];
  const root = await Bun.file(join(ROOT, "README.md")).text();
  const shown = (start: string) =>
    root
      .split("\n")
      .find((line) => line.replaceAll("*", "").startsWith(`| ${start}`))
      ?.split("|")
      .slice(2, -1)
      .map((cell) => cell.replaceAll("*", "").trim());
  const percent = (value = Number.NaN, digits = 1) => (value * 100).toFixed(digits);
  const figuresOf = ({ test: figures, holdout }: FiguresOfSets) => [
    percent(figures.accuracy.value),
    figures.auc.value.toFixed(3),
    percent(figures.tprAtFpr1.value),
    percent(figures.tprAtFpr01.value),
    percent(holdout?.accuracy.value),
    (holdout?.auc.value ?? Number.NaN).toFixed(3),
  ];
  expect(shown("Hookline v1")).toEqual(figuresOf(v1.metrics.twin ?? v1.metrics));
  expect(shown("Hookline v2")).toEqual(figuresOf(v2.metrics.twin ?? v2.metrics));
  expect(shown("v1 as shipped")).toEqual(figuresOf(v1.metrics));
  expect(shown("v2 as shipped")).toEqual(figuresOf(v2.metrics));
  const { test: own, holdout } = v2.metrics.twin ?? v2.metrics;
  expect(root.replaceAll("\n", " ")).toContain(
    `gives ${percent(own.frozenFpr.value, 2)} % false alarms on test and ${percent(holdout?.frozenFpr.value, 2)} % on the holdout`,
  );
  const shipped = [v2.metrics.test, v2.metrics.holdout].map((set) =>
    percent(set?.frozenFpr.value, 2),
  );
  expect(root.replaceAll("\n", " ")).toContain(`as shipped ${shipped.join(" and ")} %`);
});
