import { expect, test } from "bun:test";
import { canonicalise } from "./canonicalise.ts";
import { registrableDomain } from "./domain.ts";
import { featurise, traceFeatures } from "./featurise.ts";

const README = await Bun.file(new URL("../README.md", import.meta.url)).text();
const [, code = "", output = ""] = /```ts\n([\s\S]*?)```\n\n```\n([\s\S]*?)```/.exec(README) ?? [];

test("the README prints what its lines give", () => {
  const printed: string[] = [];
  const lines = code.split("\n").filter((line) => !line.startsWith("import "));
  const log = (value: unknown) => {
    printed.push(
      typeof value === "object"
        ? Bun.inspect(value).replace(/,?\n\s*/g, (gap) => (gap.startsWith(",") ? ", " : " "))
        : String(value),
    );
  };
  const run = new Function(
    "canonicalise",
    "featurise",
    "registrableDomain",
    "traceFeatures",
    "console",
    lines.join("\n"),
  );
  run(canonicalise, featurise, registrableDomain, traceFeatures, { log });
  expect(printed.map((line) => line.replace(", }", " }")).join("\n")).toBe(output.trim());
});
