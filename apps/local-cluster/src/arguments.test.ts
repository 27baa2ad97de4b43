import { expect, test } from "bun:test";
import { HELP, parseArguments, STATUS_HELP } from "./arguments.ts";

const DEFAULTS = {
  kind: "up",
  overlay: "production",
  port: 8080,
  replicas: undefined,
  follow: "nothing",
  gitops: undefined,
  standIns: false,
  logs: false,
  json: false,
} as const;

test.each([
  [["up"], DEFAULTS],
  [["up", "canary", "--port", "0"], { ...DEFAULTS, overlay: "canary", port: 0 }],
  [["up", "--replicas=1", "--watch"], { ...DEFAULTS, replicas: 1, follow: "files" }],
  [["up", "--git", "--gitops", "x/gitops"], { ...DEFAULTS, follow: "git", gitops: "x/gitops" }],
  [
    ["up", "--logs", "--json", "--stand-ins"],
    { ...DEFAULTS, logs: true, json: true, standIns: true },
  ],
  [["status", "--port", "9000", "--json"], { kind: "status", port: 9000, json: true }],
  [["up", "--help"], { kind: "help", text: HELP }],
  [["status", "--help"], { kind: "help", text: STATUS_HELP }],
  [["--help"], { kind: "help", text: HELP }],
] as const)("parseArguments() reads %j", (words, expected) => {
  expect(parseArguments(words)).toEqual(expected);
});

test.each([
  [[], "Cannot run nothing: up and status exist"],
  [["down"], 'Cannot run "down": up and status exist'],
  [["up", "canary", "shadow"], 'Cannot use "shadow": up takes no more words'],
  [["status", "canary"], 'Cannot use "canary": status takes no more words'],
  [["up", "--port", "65536"], 'Cannot use --port "65536": expected a number from 0 to 65535'],
  [["up", "--port", "1e3"], 'Cannot use --port "1e3": expected a number from 0 to 65535'],
  [["up", "--replicas", "0"], 'Cannot use --replicas "0": expected a number from 1 to 20'],
  [["up", "--watch", "--git"], "Cannot use --watch with --git: choose what is followed"],
  [
    ["up", "--port", "-1"],
    "Cannot read the arguments: Option '--port' argument is ambiguous; see bun run up --help",
  ],
  [["up", "--speed"], "Cannot read the arguments: Unknown option '--speed'; see bun run up --help"],
  [
    ["status", "--foo"],
    "Cannot read the arguments: Unknown option '--foo'; see bun run status --help",
  ],
] as const)("parseArguments() refuses %j", (words, message) => {
  expect(() => parseArguments(words)).toThrow(message);
});

test("the help of status names its options and no others", () => {
  const options = [...STATUS_HELP.matchAll(/^ {2}--(\w+) /gm)].map(([, name]) => name);
  expect(options).toEqual(["port", "json", "help"]);
});

test("the help names every option", () => {
  for (const option of [
    "port",
    "replicas",
    "watch",
    "git",
    "gitops",
    "stand-ins",
    "logs",
    "json",
    "help",
  ]) {
    expect(HELP).toContain(`  --${option} `);
  }
});
