import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatLine, formatTable, type Line, parseCard, parseResults } from "./compare.ts";

const results = await Bun.file(join(import.meta.dir, "results.json")).json();

const FIGURES = { accuracy: 0.95, auc: 0.99, tprAtFpr1: 0.86, tprAtFpr01: 0.7, frozenFpr: 0.02 };
const OURS: Line = {
  name: "ours",
  rows: 1234,
  test: FIGURES,
  holdout: FIGURES,
  measuredOn: ["a", "b"],
};

describe("results.json", () => {
  test("holds the three peers, each trained on all rows and measured on the same", () => {
    const peers = parseResults(results);
    expect(peers.map(({ name, rows }) => [name, rows])).toEqual([
      ["the original's CNN", 620_923],
      ["LightGBM, lexical", 620_923],
      ["TF-IDF + linear SVM", 620_923],
    ]);
    expect(new Set(peers.map(({ measuredOn }) => measuredOn.join())).size).toBe(1);
  });

  test("is what the README shows", async () => {
    const readme = await Bun.file(join(import.meta.dir, "README.md")).text();
    // The formatter fills the cells up with spaces.
    const lines = readme.split("\n").map((line) => line.replace(/ +/g, " "));
    for (const peer of parseResults(results)) expect(lines).toContain(formatLine(peer));
  });
});

describe("formatTable()", () => {
  test("stars what a peer does as well or better, and counts the rest", () => {
    const peer = {
      ...OURS,
      name: "peer",
      test: { ...FIGURES, auc: 0.98, tprAtFpr1: 0.9 },
      holdout: { ...FIGURES, accuracy: 0.8, auc: 0.9, frozenFpr: 0.03 },
    };
    expect(formatTable(OURS, [peer]).split("\n").slice(2)).toEqual([
      "| ours | 1,234 | 95.00 | 0.9900 | 86.00 | 70.00 | 95.00 | 0.9900 | 2.00 | 1.00 |",
      "| peer | 1,234 | 95.00 * | 0.9800 | 90.00 * | 70.00 * | 80.00 | 0.9000 | 3.00 | 1.50 |",
      "",
      "ours is ahead on 5 of 8 figures (* where it is not)",
      "",
    ]);
  });

  test("says when the rows were others", () => {
    const peer = { ...OURS, name: "peer", measuredOn: ["a", "c"] };
    expect(formatTable(OURS, [peer])).toContain("peer was measured on other rows: not comparable");
  });
});

describe("parseCard()", () => {
  const estimate = (value: number) => ({ value, low: value, high: value });
  const set = (accuracy: number) => ({
    accuracy: estimate(accuracy),
    auc: estimate(0.99),
    tprAtFpr1: estimate(0.8),
    tprAtFpr01: estimate(0.6),
    frozenFpr: estimate(0.02),
  });
  const card = {
    name: "wide-bag",
    version: "2.0.0",
    data: {
      trainRows: 476_000,
      files: [
        { role: "test", sha256: "a" },
        { role: "holdout", sha256: "b" },
      ],
    },
    metrics: { test: set(0.94), holdout: set(0.86) },
  };

  test("takes the twin that saw all rows", () => {
    const twin = { trainRows: 620_923, test: set(0.95), holdout: set(0.87) };
    const line = parseCard({ ...card, metrics: { ...card.metrics, twin } });
    expect(line).toMatchObject({ name: "wide-bag 2.0.0, all rows", rows: 620_923 });
    expect([line.test.accuracy, line.holdout.accuracy]).toEqual([0.95, 0.87]);
    expect(line.measuredOn).toEqual(["a", "b"]);
  });

  test("takes the model itself where it has none", () => {
    expect(parseCard(card)).toMatchObject({ name: "wide-bag 2.0.0", rows: 476_000 });
  });
});

const python = Bun.which("python3");
if (python === null) process.stderr.write("skipped: the Python files compile (no python3 here)\n");
test.skipIf(python === null)(
  "the Python files compile",
  async () => {
    const files = readdirSync(import.meta.dir).filter((name) => name.endsWith(".py"));
    expect(files.length).toBe(6);
    const child = Bun.spawn(["python3", "-m", "py_compile", ...files], {
      cwd: import.meta.dir,
      env: { ...process.env, PYTHONPYCACHEPREFIX: join(tmpdir(), "hookline-pycache") },
      stderr: "pipe",
    });
    expect(await child.stderr.text()).toBe("");
    expect(await child.exited).toBe(0);
  },
  120_000,
);
