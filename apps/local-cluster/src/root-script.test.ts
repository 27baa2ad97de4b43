import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { readLines } from "./read-lines.ts";
import { isAlive, until } from "./testing/until.ts";

const ROOT = join(import.meta.dirname, "../../..");
const State = z.object({
  pid: z.number(),
  workloads: z.array(z.object({ pods: z.array(z.object({ pid: z.number() })) })),
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "bun run up ends all that runs when %s is for itself alone",
  async (signal) => {
    // A newer bash makes way for the last command of a list by itself, macOS' and other shells do not.
    const PATH = mkdtempSync(join(tmpdir(), "hookline-path-"));
    symlinkSync(process.execPath, join(PATH, "bun"));
    symlinkSync(Bun.which("sh") ?? "", join(PATH, "sh"));
    const words = ["run", "up", "--stand-ins", "--replicas", "1", "--port", "0"];
    const run = Bun.spawn([process.execPath, ...words], {
      cwd: ROOT,
      env: { ...process.env, PATH },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    });
    let url: string | undefined;
    void readLines(run.stdout, (line) => {
      url ??= /^ready (\S+)/.exec(line)?.[1];
    });
    let pids: number[] = [];
    try {
      await until("up is ready", () => url !== undefined, 60_000);
      const { pid, workloads } = State.parse(await (await fetch(`${url}/_local/api/state`)).json());
      pids = [pid, ...workloads.flatMap(({ pods }) => pods.map(({ pid }) => pid))];
      expect(pids.filter(isAlive)).toEqual(pids);
      run.kill(signal);
      await until("all has ended", () => !pids.some(isAlive), 20_000);
    } finally {
      rmSync(PATH, { recursive: true });
      run.kill("SIGTERM");
      const [up] = pids;
      if (up !== undefined && isAlive(up)) process.kill(up, "SIGKILL");
    }
  },
  120_000,
);
