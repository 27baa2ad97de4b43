import { expect, test } from "bun:test";
import { createProgress } from "./progress.ts";

const at = (rows: number, epoch = 1) => ({
  twin: false,
  stage: "train" as const,
  training: { rows, total: 1000, epoch, epochs: 2, loss: 0.5 },
});

function record(isTerminal: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const printer = createProgress({
    write: (text) => written.push(text),
    isTerminal,
    now: () => clock.ms,
  });
  return { written, clock, printer };
}

test("createProgress() tells rows, rate and time left", () => {
  const { written, clock, printer } = record(true);
  printer.report("linear", at(0));
  clock.ms = 1000;
  printer.report("linear", at(500));
  expect(written.at(-1)).toBe(
    "\r\x1b[Klinear: training pass 1/2, 500/1,000 rows, 500 rows/s, 3 s left",
  );
  clock.ms = 3000;
  printer.report("linear", at(500, 2));
  expect(written.at(-1)).toEndWith("pass 2/2, 500/1,000 rows, 500 rows/s, 1 s left");
});

test("createProgress() keeps one line for two models on a terminal", () => {
  const { written, printer } = record(true);
  printer.report("linear", { twin: false, stage: "survey" });
  printer.report("wide-bag", { twin: true, stage: "evaluate" });
  expect(written.at(-1)).toBe(
    "\r\x1b[Klinear: looking over the data  |  wide-bag (twin): measuring",
  );
});

test("createProgress() writes a line a stage, and one every ten seconds, to a file", () => {
  const { written, clock, printer } = record(false);
  for (clock.ms = 0; clock.ms <= 25_000; clock.ms += 1000) printer.report("linear", at(10));
  printer.report("linear", { twin: false, stage: "export" });
  expect(written.map((line) => line.split(",")[0])).toEqual([
    "linear: training pass 1/2",
    "linear: training pass 1/2",
    "linear: training pass 1/2",
    "linear: calibrating and writing ONNX\n",
  ]);
});
