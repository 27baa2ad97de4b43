import { expect, test } from "bun:test";
import { join } from "node:path";
import * as z from "zod";

// Each command of the root package.json answers --help, and tells a wrong call apart from a failure.

const ROOT = join(import.meta.dirname, "../../..");
const Package = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = Package.parse(await Bun.file(join(ROOT, "package.json")).json());
/** Those that hand their words to a tool of others. */
const TOOLS = new Set(["test", "ok", "check", "fix", "types", "test:cluster"]);
const COMMANDS = Object.keys(scripts).filter((name) => !TOOLS.has(name));

function run(name: string, word: string) {
  const command = [process.execPath, "run", "--silent", name, word];
  const { exitCode, stdout } = Bun.spawnSync(command, { cwd: ROOT, stderr: "ignore" });
  return { exitCode, stdout: stdout.toString() };
}

test.each(COMMANDS)(
  "bun run %s ends a wrong call with 2, and its help says so",
  (name) => {
    expect(run(name, "--help")).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^Usage: [\s\S]*wrong call ends with 2[ ,.;]/i),
    });
    // Every benchmark would be asked whether it has the option.
    const wrong = name === "bench" ? "no-such-benchmark" : "--no-such-option";
    expect(run(name, wrong)).toEqual({ exitCode: 2, stdout: "" });
  },
  60_000,
);
