import { afterEach, expect, test } from "bun:test";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withinOneMinute } from "../testing/minute.ts";
import { until } from "../testing/until.ts";
import { startUp, type Up } from "../testing/up.ts";
import { findBinaries } from "./binaries.ts";

// `up` with what is installed here, and with programs that have the right name and nothing else.

const ROOT = join(import.meta.dirname, "../../../..");
const CLI = join(import.meta.dirname, "../cli.ts");
const isInstalled = findBinaries(ROOT).ratelimit !== undefined;
if (!isInstalled) {
  console.warn("SKIPPED: Redis and the limiter as they are, for they are not both installed here");
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function up(path?: string, overlay = "ratelimit"): Promise<Up> {
  const words = [overlay, "--replicas", "1"];
  const cluster = await startUp(CLI, words, { installed: { PATH: path } });
  ends.push(cluster.end);
  await cluster.untilReady();
  return cluster;
}

/** A folder to find programs in before all others, each a shell script. */
function createPath(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "hookline-path-"));
  ends.push(() => rmSync(folder, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return `${folder}:${process.env["PATH"]}`;
}

/** What is told of a program: when all was ready, or now. */
const lineOf = ({ lines }: Up, name: string) =>
  lines.find((line) => line.trim().startsWith(`${name} `))?.trim();
const stateOf = async (cluster: Up, name: string) =>
  (await cluster.state()).thirdParty.find((one) => one.name === name);

const portIn = (text = "") => Number(/ on port (\d+)/.exec(text)?.[1]);

function accepts(port: number): Promise<boolean> {
  const socket = { data: () => {} };
  return Bun.connect({ hostname: "127.0.0.1", port, socket }).then(
    (open) => {
      open.end();
      return true;
    },
    () => false,
  );
}

/** How many counters a Redis has (its inline commands are lines of text). */
async function countKeys(port: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: (_, bytes) => resolve(bytes.toString()) },
  });
  socket.write("DBSIZE\r\n");
  const answer = await promise;
  socket.end();
  return Number(/^:(\d+)/.exec(answer)?.[1]);
}

/** Of one user's requests ten pass in a minute. */
async function countPassed(url: string, user: string): Promise<readonly number[]> {
  return await withinOneMinute(10, async () => {
    const statuses: number[] = [];
    while (statuses.at(-1) !== 429 && statuses.length < 300) {
      statuses.push((await fetch(url, { headers: { authorization: user } })).status);
    }
    return statuses;
  });
}

const LIMITED = [...Array.from({ length: 10 }, () => 200), 429];

test.skipIf(!isInstalled)(
  "the limiter that is installed limits and counts in Redis, and both end with us",
  async () => {
    const cluster = await up();
    await until("it runs", async () => (await stateOf(cluster, "ratelimit"))?.runs === "binary");
    const statuses = await countPassed(cluster.url, "ann");
    // On a busy machine it may take longer than the filter waits: 500, whether it counted or not.
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(10);
    expect(statuses.at(-1)).toBe(429);
    const version = /^runs on port \d+, version \d+\.\d+\.\d+/;
    await until("its version is known", async () =>
      version.test((await stateOf(cluster, "redis"))?.text ?? ""),
    );
    const redis = await stateOf(cluster, "redis");
    const ports = [portIn(redis?.text), portIn((await stateOf(cluster, "ratelimit"))?.text)];
    expect(await countKeys(portIn(redis?.text))).toBeGreaterThan(0);
    expect(await Promise.all(ports.map(accepts))).toEqual([true, true]);
    cluster.child.kill("SIGKILL");
    await until("both have ended", async () => {
      const open = await Promise.all(ports.map(accepts));
      return !open.includes(true);
    });
  },
  240_000,
);

test.each([
  ["of another version", "echo 'unknown flag --bind'; exit 1", "its last line was: unknown flag"],
  ["that is no Redis", "exit 0", "exit code 0, it printed nothing"],
])(
  "a redis-server %s is stood in for, and that is told",
  async (_, script, why) => {
    const cluster = await up(createPath({ "redis-server": script, ratelimit: "sleep 100" }));
    expect(lineOf(cluster, "redis")).toStartWith(
      "redis     not run: the built-in limiter counts in memory; redis does not run: ",
    );
    expect(lineOf(cluster, "redis")).toContain(why);
    expect(await countPassed(cluster.url, "ann")).toEqual(LIMITED);
  },
  240_000,
);

test("a limiter that does not get ready keeps nobody waiting", async () => {
  const cluster = await up(createPath({ "redis-server": "exit 1", ratelimit: "exec sleep 100" }));
  expect(lineOf(cluster, "ratelimit")).toBe(
    "ratelimit the built-in limiter stands in, with the same limits; ratelimit is starting",
  );
  expect(await countPassed(cluster.url, "ann")).toEqual(LIMITED);
  cluster.child.kill("SIGTERM");
  expect(await cluster.child.exited).toBe(0);
}, 240_000);

/** Answers that it is ready where it is told to listen, and ends when it is asked to. */
const PROMETHEUS = `for word; do case $word in --web.listen-address=*) at=\${word#*=127.0.0.1:};; esac; done
exec '${process.execPath}' -e 'Bun.serve({ hostname: "127.0.0.1", port: Number(process.argv[1]), fetch: ({ url }) => url.endsWith("/end") ? process.exit(3) : new Response() })' $at`;

test.each([
  ["answers", PROMETHEUS, /^prometheus runs at http:\/\/127\.0\.0\.1:\d+/],
  [
    "does not get ready",
    "echo no room; exit 1",
    /^prometheus not run: \/_local\/metrics .+; prometheus does not run: .+: no room$/,
  ],
])(
  "up says that prometheus is starting, and later that it %s",
  async (_, script, told) => {
    const door = join(mkdtempSync(join(tmpdir(), "hookline-door-")), "open");
    ends.push(() => rmSync(dirname(door), { recursive: true }));
    const waiting = `until [ -e '${door}' ]; do sleep 0.1; done\n${script}`;
    const cluster = await up(createPath({ prometheus: waiting }), "monitoring");
    expect(lineOf(cluster, "prometheus")).toBe("prometheus   is starting");
    const ready = cluster.lines.length;
    writeFileSync(door, "");
    const later = () => cluster.lines.slice(ready).filter((line) => line.startsWith("prometheus "));
    await until("it is told", () => later().length > 0, 60_000);
    expect(later()).toEqual([expect.stringMatching(told)]);
  },
  240_000,
);

test("up says that a program of others ended, and starts it anew", async () => {
  const cluster = await up(createPath({ prometheus: PROMETHEUS }), "monitoring");
  const runs = async () => (await stateOf(cluster, "prometheus"))?.text ?? "";
  await until("it runs", async () => (await runs()).startsWith("runs at "), 60_000);
  const [, origin] = /^runs at (http:[^\s,]+)/.exec(await runs()) ?? [];
  await fetch(`${origin}/end`).catch(() => undefined);
  const told = /^prometheus-\S+ has ended and is started anew: exit code 3, /;
  await until("it is told", () => cluster.lines.some((line) => told.test(line)));
  const answers = async () => (await fetch(`${origin}/`).catch(() => undefined))?.ok === true;
  await until("it runs again", answers);
}, 240_000);

test("up says how it stands with the programs that a change brings in", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hookline-change-"));
  ends.push(() => rmSync(folder, { recursive: true }));
  cpSync(join(ROOT, "gitops"), folder, { recursive: true });
  const words = ["canary", "--replicas", "1", "--watch", "--gitops", folder];
  const installed = { PATH: createPath({ prometheus: PROMETHEUS }) };
  const cluster = await startUp(CLI, words, { installed });
  ends.push(cluster.end);
  await cluster.untilReady();
  const file = join(folder, "overlays/canary/kustomization.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("components:", "components:\n  - ../../components/monitoring"));
  const told = (start: string) => cluster.lines.some((line) => line.startsWith(start));
  await until("it is deployed", () => told("deployed working tree"), 60_000);
  await until("it is told", () => told("prometheus runs at http://127.0.0.1:"), 60_000);
}, 240_000);

test("with --stand-ins nothing that is installed is looked at", async () => {
  const cluster = await startUp(CLI, ["ratelimit", "--replicas", "1"]);
  ends.push(cluster.end);
  await cluster.untilReady();
  expect((await cluster.state()).thirdParty.map(({ runs }) => runs)).toEqual([
    "stand-in",
    "nothing",
  ]);
  expect(await countPassed(cluster.url, "ann")).toEqual(LIMITED);
}, 240_000);
