import { expect, test } from "bun:test";
import { BootstrapError } from "./errors.ts";
import { createReport } from "./report.ts";

test.each([
  [false, "Cannot ask: \\u001b[2J"],
  [true, '{"event":"error","code":"REFUSED","text":"Cannot ask: \\u001b[2J"}'],
])("a report prints nothing that a terminal would obey, JSON %p", (json, expected) => {
  const lines: string[] = [];
  const report = createReport((line) => lines.push(line), { json });
  report.error(new BootstrapError("Cannot ask: \u001b[2J", { code: "REFUSED" }));
  report.progress("\u009b");
  expect(lines[0]).toBe(expected);
  expect(lines.join()).not.toContain("\u009b");
});
