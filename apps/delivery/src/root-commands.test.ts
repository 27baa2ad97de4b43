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
  "bun run %s tells how a wrong call ends, and so it does",
  (name) => {
    // kustomize ends as the real one does.
    const [code, told] =
      name === "kustomize"
        ? [1, /^Usage: [\s\S]*end with exit code 1[ ,.;]/]
        : [2, /^Usage: [\s\S]*wrong call ends with 2[ ,.;]/i];
    expect(run(name, "--help")).toEqual({ exitCode: 0, stdout: expect.stringMatching(told) });
    // Every benchmark would be asked whether it has the option.
    const wrong = name === "bench" ? "no-such-benchmark" : "--no-such-option";
    expect(run(name, wrong)).toEqual({ exitCode: code, stdout: "" });
  },
  120_000,
);
