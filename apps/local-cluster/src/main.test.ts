import { afterEach, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, until } from "./testing/until.ts";
import { startUp, TEST_CLI, type Up } from "./testing/up.ts";

const SLOW = 120_000;
const CLI = join(import.meta.dirname, "cli.ts");
const running: Pick<Up, "end">[] = [];
afterEach(() => {
  for (const { end } of running.splice(0)) end();
});

async function up(...words: readonly string[]): Promise<Up> {
  const started = await startUp(TEST_CLI, words);
  running.push(started);
  return started;
}

/** What is left of a run below the system's temporary folder. */
const leftovers = ({ child }: Up) =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`hookline-up-${child.pid}-`));

async function untilNothingIsLeft(of: Up, pids: readonly number[]): Promise<void> {
  await until("the pods have ended", () => !pids.some(isAlive));
  await until("the folder has gone", () => leftovers(of).length === 0);
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "up ends all pods at %s and exits with 0",
  async (signal) => {
    const cluster = await up("good");
    await cluster.untilReady();
    const pids = await cluster.pids();
    expect(pids).toHaveLength(2);
    expect(leftovers(cluster)).toHaveLength(1);
    cluster.child.kill(signal);
    expect(await cluster.child.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(leftovers(cluster)).toEqual([]);
  },
  SLOW,
);

test(
  "up leaves nothing behind when it is killed",
  async () => {
    const cluster = await up("good");
    await cluster.untilReady();
    const pids = await cluster.pids();
    cluster.child.kill("SIGKILL");
    await untilNothingIsLeft(cluster, pids);
  },
  SLOW,
);

test(
  "up ends quietly while its pods do not get as far as listening",
  async () => {
    const cluster = await up("silent");
    const pids = async () => await cluster.pids().catch(() => []);
    await until("the pods have started", async () => (await pids()).length === 2);
    const started = await pids();
    cluster.child.kill("SIGINT");
    expect(await cluster.child.exited).toBe(0);
    expect(await cluster.child.stderr.text()).toBe("");
    await untilNothingIsLeft(cluster, started);
  },
  SLOW,
);

test(
  "a Ctrl-C that comes twice at once, as by way of bun run, is one",
  async () => {
    const cluster = await up("good");
    await cluster.untilReady();
    for (let i = 0; i < 3; i++) cluster.child.kill("SIGINT");
    expect(await cluster.child.exited).toBe(0);
  },
  SLOW,
);

test(
  "a second Ctrl-C ends up and its pods at once, whatever they do",
  async () => {
    const cluster = await up("stubborn");
    await cluster.untilReady();
    const pids = await cluster.pids();
    while (cluster.child.exitCode === null) {
      cluster.child.kill("SIGINT");
      await Bun.sleep(50);
    }
    expect(cluster.child.exitCode).toBe(130);
    await untilNothingIsLeft(cluster, pids);
  },
  SLOW,
);

test(
  "up ends when nobody reads its output any more",
  async () => {
    const words = [process.execPath, TEST_CLI, "up", "good", "--logs", "--port", "0"];
    const child = Bun.spawn(words, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    running.push({ end: () => child.kill("SIGKILL") });
    const reader = child.stdout.getReader();
    const decoder = new TextDecoder();
    let url: string | undefined;
    for (let text = ""; url === undefined; ) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`Expected to be told where it listens: ${text}`);
      text += decoder.decode(value, { stream: true });
      url = /^ready (\S+)\n/m.exec(text)?.[1];
    }
    await reader.cancel();
    // It only sees that when it has something to say.
    while (child.exitCode === null) await fetch(url, { keepalive: false }).catch(() => {});
    expect(await child.exited).toBe(0);
    expect(await child.stderr.text()).toBe("");
  },
  SLOW,
);

test(
  "a pod that ends is started anew, and up goes on",
  async () => {
    const cluster = await up("good");
    await cluster.untilReady();
    const [pid = 0] = await cluster.pids();
    process.kill(pid, "SIGKILL");
    await until("both are ready", async () => {
      const pods = (await cluster.state()).workloads.flatMap((each) => each.pods);
      return (
        pods.every(({ phase }) => phase === "ready") && pods.some(({ restarts }) => restarts === 1)
      );
    });
    const told = cluster.lines.filter((line) => line.includes("is started anew"));
    expect(told).toEqual([
      expect.stringMatching(
        /^web-\w+-\w+ has ended and is started anew: it was ended by SIGKILL, /,
      ),
    ]);
  },
  SLOW,
);

test(
  "up obeys --replicas",
  async () => {
    const cluster = await up("good", "--replicas", "1");
    await cluster.untilReady();
    expect(cluster.lines).toContain("  pods      web ×1");
  },
  SLOW,
);

test(
  "up, status and a refusal print nothing that a terminal would obey, whatever it is called",
  async () => {
    const overlay = "good\u001b[2J";
    const folder = mkdtempSync(join(tmpdir(), "hookline-controls-"));
    cpSync(join(import.meta.dirname, "../testdata/gitops"), folder, { recursive: true });
    renameSync(join(folder, "overlays/good"), join(folder, "overlays", overlay));
    const cluster = await up(overlay, "--gitops", folder);
    running.push({ end: () => rmSync(folder, { recursive: true }) });
    await cluster.untilReady();
    expect(cluster.lines.find((line) => line.includes("overlay"))).toStartWith(
      "  overlay   good\\u001b[2J, working tree",
    );
    const run = (...words: readonly string[]) => {
      const { stdout, stderr } = Bun.spawnSync([process.execPath, CLI, ...words]);
      return `${stdout}${stderr}`;
    };
    const { port } = new URL(cluster.url);
    expect(run("status", "--port", port)).toStartWith(`${cluster.url}  good\\u001b[2J, `);
    expect(run("up", "blue\u009b", "--gitops", folder)).toBe(
      'Cannot run overlay "blue\\u009b": crash, good\\u001b[2J, misrouted, silent, stubborn exist\n',
    );
  },
  SLOW,
);

test(
  "up runs where no Git is, and says that it needs one where it does",
  async () => {
    const cluster = await startUp(TEST_CLI, ["good"], { installed: { PATH: "/nowhere" } });
    running.push(cluster);
    await cluster.untilReady();
    expect(cluster.lines.find((line) => line.includes("overlay"))).toEndWith("good, working tree");
    const words = [process.execPath, CLI, "up", "--git"];
    const { stderr } = Bun.spawnSync(words, { env: { ...process.env, PATH: "/nowhere" } });
    expect(stderr.toString()).toBe("Cannot run git rev-parse: git is not installed\n");
  },
  SLOW,
);

async function refusal(
  ...words: readonly string[]
): Promise<readonly [code: number, said: string]> {
  const cluster = await up(...words);
  const code = await cluster.child.exited;
  return [code, await cluster.child.stderr.text()];
}

test(
  "up tells which pod cannot start and what it said last, and leaves nothing",
  async () => {
    const [code, said] = await refusal("crash");
    expect(code).toBe(1);
    expect(said).toMatch(
      /^Cannot run web: its pod web-\S+ ends at its start: exit code 1, its last line was: no model here\n$/,
    );
  },
  SLOW,
);

test(
  "up refuses an overlay that is not there, and names those that are",
  async () => {
    expect(await refusal("blue")).toEqual([
      1,
      'Cannot run overlay "blue": crash, good, misrouted, silent, stubborn exist\n',
    ]);
  },
  SLOW,
);

test.each([
  [["status", "--port", "1"], "NO_CLUSTER", 1],
  [["status", "--port", "abc"], "BAD_ARGUMENT", 2],
  [["up", "nope"], "UNKNOWN_OVERLAY", 2],
  [["up", "--port", "x"], "BAD_ARGUMENT", 2],
  [["up", "--nope"], "BAD_ARGUMENT", 2],
  [["up", "--gitops", "/no/such"], "UNKNOWN_OVERLAY", 2],
] as const)(
  "%j --json tells its error to programs",
  (words, code, exitCode) => {
    const [plain, json] = [[], ["--json"]].map((more) =>
      Bun.spawnSync([process.execPath, CLI, ...words, ...more]),
    );
    expect([json?.stdout.toString(), json?.exitCode]).toEqual(["", exitCode]);
    const message = plain?.stderr.toString().trimEnd();
    expect(JSON.parse(json?.stderr.toString() ?? "")).toEqual({ error: { code, message } });
  },
  SLOW,
);

test(
  "up refuses routes that lead nowhere, and leaves nothing",
  async () => {
    const cluster = await up("misrouted");
    const [code, said] = [await cluster.child.exited, await cluster.child.stderr.text()];
    expect(said).toMatch(/^Cannot route: VirtualService\/misrouted\/web .*\(IST0101\)\n$/);
    expect(code).toBe(1);
    expect(leftovers(cluster)).toEqual([]);
  },
  SLOW,
);

test(
  "up refuses a port that another program has",
  async () => {
    const first = await up("good");
    await first.untilReady();
    const { port } = new URL(first.url);
    const refuse = async (overlay: string) => {
      const words = [process.execPath, TEST_CLI, "up", overlay, "--port", port];
      const { exited, stderr } = Bun.spawn(words, { stderr: "pipe" });
      expect(await exited).toBe(1);
      return await stderr.text();
    };
    expect(await refuse("good")).toBe(
      `Cannot listen on port ${port}: another program has it; choose another with --port\n`,
    );
    // What no port would mend is told first.
    expect(await refuse("blue")).toStartWith('Cannot run overlay "blue": crash, good, ');
  },
  SLOW,
);

test(
  "up tells that another program was faster, when several start at once",
  async () => {
    const { port } = new URL((await up("good")).url);
    const words = [process.execPath, TEST_CLI, "up", "good", "--port", port];
    const others = Array.from({ length: 3 }, () => Bun.spawn(words, { stderr: "pipe" }));
    for (const other of others) running.push({ end: () => other.kill("SIGKILL") });
    // One of the four gets it; which one, nobody knows.
    const refused = await Promise.any(
      others.map(async ({ exited, stderr }) => [await exited, await stderr.text()]),
    );
    expect(refused).toEqual([
      1,
      `Cannot listen on port ${port}: another program has it; choose another with --port\n`,
    ]);
  },
  SLOW,
);
