import { expect, test } from "bun:test";
import { parseArguments } from "./arguments.ts";

const DEFAULTS = { kind: "up", port: 8080, model: "v1", variant: "v1", json: false } as const;

test.each([
  [["up"], DEFAULTS],
  [["up", "--port", "0"], { ...DEFAULTS, port: 0 }],
  [
    ["up", "--model=v2", "--variant", "v2", "--json"],
    { ...DEFAULTS, model: "v2", variant: "v2", json: true },
  ],
  [["--help"], { kind: "help" }],
] as const)("parseArguments() reads %j", (words, expected) => {
  expect(parseArguments(words)).toEqual(expected);
});

test.each([
  [[], 'Cannot run nothing: the command is "up"'],
  [["down"], 'Cannot run "down": the command is "up"'],
  [["up", "--port", "65536"], 'Cannot use --port "65536": expected a number from 0 to 65535'],
  [["up", "--port", "1e3"], 'Cannot use --port "1e3": expected a number from 0 to 65535'],
  [["up", "--model", "v3"], 'Cannot use --model "v3": v1 and v2 exist'],
  [["up", "--speed"], "Cannot read the arguments: Unknown option '--speed'; see bun run up --help"],
] as const)("parseArguments() refuses %j", (words, message) => {
  expect(() => parseArguments(words)).toThrow(message);
});
