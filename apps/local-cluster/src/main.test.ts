import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { readLines } from "./read-lines.ts";

const CLI = join(import.meta.dirname, "../testdata/cli.ts");

const groups: number[] = [];
afterEach(() => {
  for (const group of groups.splice(0)) signalGroup(group, "SIGKILL");
});

/** A process group of its own, as a terminal makes one: a signal to it reaches the programs too. */
function up(folder: string, output: string[] = []) {
  const child = Bun.spawn(["bun", CLI, folder, "up", "--port", "0"], {
    detached: true,
    stdout: "pipe",
    stderr: "pipe",
  });
  groups.push(child.pid);
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  const { promise: loading, resolve: resolveLoading } = Promise.withResolvers<void>();
  void readLines(child.stdout, (line) => {
    output.push(line);
    if (line.startsWith("ready ")) resolve(line.slice("ready ".length));
    if (line.endsWith("still loading")) resolveLoading();
  });
  return { child, ready, loading };
}

/** False when there is nobody in the group any more. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

async function waitUntilEmpty(group: number): Promise<void> {
  while (signalGroup(group, 0)) await Bun.sleep(10);
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "up ends both programs at %s and exits with 0",
  async (signal) => {
    const { child, ready } = up("good");
    await ready;
    child.kill(signal);
    expect(await child.exited).toBe(0);
    await waitUntilEmpty(child.pid);
  },
  20_000,
);

test("up ends at a signal for it alone while a program does not get as far as listening", async () => {
  const { child, loading } = up("slow");
  await loading;
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
  expect(await new Response(child.stderr).text()).toBe("");
  await waitUntilEmpty(child.pid);
}, 20_000);

test("up ends quietly at a Ctrl-C that reaches the programs while they start", async () => {
  const { child, loading } = up("slow");
  await loading;
  signalGroup(child.pid, "SIGINT");
  expect(await child.exited).toBe(0);
  expect(await new Response(child.stderr).text()).toBe("");
  await waitUntilEmpty(child.pid);
}, 20_000);

test("a Ctrl-C that comes twice at once, as by way of bun run, is one", async () => {
  const { child, ready } = up("good");
  await ready;
  for (let i = 0; i < 3; i++) child.kill("SIGINT");
  signalGroup(child.pid, "SIGINT");
  expect(await child.exited).toBe(0);
  await waitUntilEmpty(child.pid);
}, 20_000);

test("a second Ctrl-C ends up and its programs at once, whatever they do", async () => {
  const { child, ready } = up("stubborn");
  await ready;
  while (child.exitCode === null) {
    child.kill("SIGINT");
    await Bun.sleep(50);
  }
  expect(child.exitCode).toBe(130);
  await waitUntilEmpty(child.pid);
}, 20_000);

test("up ends when nobody reads its output any more", async () => {
  const child = Bun.spawn(["bash", "-c", `bun ${CLI} good up --port 0 | head -1`], {
    detached: true,
    stdout: "pipe",
    stderr: "pipe",
  });
  groups.push(child.pid);
  await child.exited;
  expect(await new Response(child.stderr).text()).toBe("");
  await waitUntilEmpty(child.pid);
}, 20_000);

test("up tells which program ended, and exits with 1", async () => {
  const { child, ready } = up("good");
  await fetch(`${await ready}/die`).catch(() => undefined);
  expect(await child.exited).toBe(1);
  expect(await new Response(child.stderr).text()).toStartWith("Cannot go on without app: ");
  await waitUntilEmpty(child.pid);
}, 20_000);
