import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, until } from "../testing/until.ts";
import { guard } from "./child.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-guard-"));
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A script that starts the real program and waits for it, as wrappers do, and that program's id. */
async function start(script: string) {
  const file = join(mkdtempSync(join(folder, "run-")), "pid");
  const wrapper = `sleep 100 & echo $! > ${file}; ${script}`;
  const child = Bun.spawn([...guard(["sh", "-c", wrapper])], { detached: true, stdin: "pipe" });
  let pid = 0;
  await until("the program runs", () => {
    try {
      pid = Number(readFileSync(file, "utf8"));
    } catch {
      return false;
    }
    return pid > 0;
  });
  ends.push(() => {
    child.kill("SIGKILL");
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  return { child, pid };
}

describe("guard()", () => {
  test("hands on the exit code, and ends what the program leaves behind", async () => {
    const { child, pid } = await start("exit 7");
    expect(await child.exited).toBe(7);
    await until("what was left has ended", () => !isAlive(pid));
  }, 120_000);

  test("ends the program of a wrapper that is told to end", async () => {
    const { child, pid } = await start("wait");
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
    await until("the program has ended", () => !isAlive(pid));
  }, 120_000);

  test.each([
    ["when we are gone", (child: Bun.Subprocess<"pipe">) => void child.stdin.end()],
    ["when it is ended by force", (child: Bun.Subprocess<"pipe">) => child.kill("SIGKILL")],
  ])(
    "ends a wrapper that takes no signal, and its program, %s",
    async (_, act) => {
      const { child, pid } = await start("trap '' TERM; wait; sleep 100");
      act(child);
      await child.exited;
      await until("the program has ended", () => !isAlive(pid));
    },
    120_000,
  );
});
