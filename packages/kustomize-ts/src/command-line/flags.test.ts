import { describe, expect, test } from "bun:test";
import { describeFlags, type FlagSpecs, parseFlags } from "./flags.ts";

const SPECS: FlagSpecs = {
  output: { kind: "string", short: "o", value: "PATH", about: "where to write" },
  force: { kind: "boolean", short: "f", about: "overwrite" },
  literal: { kind: "list", about: "a pair" },
  file: { kind: "csv", about: "files" },
};

describe("parseFlags()", () => {
  test.each([
    ["a value in the next word", ["--output", "x", "dir"], "x", ["dir"]],
    ["a value behind =", ["dir", "--output=x=y"], "x=y", ["dir"]],
    ["a short flag", ["-o", "x"], "x", []],
    ["a short flag with its value", ["-ox"], "x", []],
    ["a short flag with =", ["-o=x"], "x", []],
    ["the last of several", ["-o", "x", "--output", "y"], "y", []],
    ["nothing behind --", ["--", "--output", "x"], undefined, ["--output", "x"]],
    ["a lone dash", ["-"], undefined, ["-"]],
  ])("takes %s", (_, words, output, positional) => {
    const flags = parseFlags(words, SPECS);
    expect(flags.text("output")).toBe(output);
    expect(flags.positional).toEqual(positional);
  });

  test("keeps lists whole and parts csv at commas", () => {
    const flags = parseFlags(["--literal=a=1,2", "--literal", "b=3", "--file=x,y"], SPECS);
    expect(flags.list("literal")).toEqual(["a=1,2", "b=3"]);
    expect(flags.list("file")).toEqual(["x", "y"]);
  });

  test.each([
    [["--force"], true],
    [["-f"], true],
    [["--force=false"], false],
    [["--force=T"], true],
    [[], false],
  ])("reads %j as %p", (words, on) => {
    expect(parseFlags(words, SPECS).isOn("force")).toBe(on);
  });

  test.each([
    [["--nothing"], "unknown flag: --nothing"],
    [["--__proto__=x"], "unknown flag: --__proto__"],
    [["-xy"], "unknown shorthand flag: 'x' in -xy"],
    [["--output"], "flag needs an argument: --output"],
    [
      ["--force=tRue"],
      'invalid argument "tRue" for "-f, --force" flag: strconv.ParseBool: parsing "tRue": invalid syntax',
    ],
  ])("refuses %j", (words, message) => {
    expect(() => parseFlags(words, SPECS)).toThrow(new RangeError(message));
  });
});

test("describeFlags() aligns what the flags do", () => {
  expect(
    describeFlags({
      output: { kind: "string", short: "o", value: "PATH", about: "where" },
      all: { kind: "boolean", about: "everything" },
    }),
  ).toBe("  -o, --output PATH  where\n      --all          everything\n");
});
