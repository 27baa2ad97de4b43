import { expect, test } from "bun:test";
import { createProgress, formatDownload, formatSeconds } from "./progress.ts";

const MIB = 2 ** 20;

test.each([
  ["with a known length", 10 * MIB, 4 * MIB, 2, "list: 5.0 MiB of 10.0 MiB, 2.0 MiB/s, 3 s left"],
  ["without a length", undefined, 4 * MIB, 2, "list: 5.0 MiB, 2.0 MiB/s"],
  ["at its start", 10 * MIB, 0, 0, "list: 5.0 MiB of 10.0 MiB, 0.0 MiB/s"],
])("formatDownload() %s", (_, total, fresh, seconds, expected) => {
  expect(formatDownload({ name: "list", bytes: 5 * MIB, total, fresh, seconds })).toBe(expected);
});

test.each([
  [0, "0 s"],
  [0.2, "1 s"],
  [59, "59 s"],
  [200, "3 min 20 s"],
])("formatSeconds(%p) is %p", (seconds, expected) => {
  expect(formatSeconds(seconds)).toBe(expected);
});

test.each([
  ["a terminal: one line that changes", true, "\r\x1b[Ka\r\x1b[Kb\r\x1b[Kdone\n"],
  ["a log: a line every ten seconds", false, "b\ndone\n"],
])("createProgress() on %s", (_, isTTY, expected) => {
  let now = 0;
  let text = "";
  const progress = createProgress({ write: (more: string) => (text += more), isTTY }, () => now);
  progress.update(() => "too early");
  now = 150;
  progress.update(() => "a");
  now = 10_200;
  progress.update(() => "b");
  progress.step("done");
  expect(text).toBe(expected);
});
