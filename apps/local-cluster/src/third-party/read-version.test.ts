import { afterEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, until } from "../testing/until.ts";
import { readVersion } from "./read-version.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A program that is a shell script; it leaves its process id in the file beside it. */
function createProgram(script: string) {
  const folder = mkdtempSync(join(tmpdir(), "hookline-version-"));
  ends.push(() => rmSync(folder, { recursive: true }));
  const binary = join(folder, "program");
  writeFileSync(binary, `#!/bin/sh\necho $$ > ${folder}/pid\n${script}\n`);
  chmodSync(binary, 0o755);
  return { binary, pidOf: () => readPid(join(folder, "pid")) };
}

/** Undefined while nothing, or not all of it, is written. */
function readPid(file: string): number | undefined {
  const [, pid] = existsSync(file) ? (/^(\d+)\n/.exec(readFileSync(file, "utf8")) ?? []) : [];
  return pid === undefined ? undefined : Number(pid);
}

test.each([
  ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc", "7.0.15"],
  ["prometheus, version 2.42.0+ds (branch: debian/sid)", "2.42.0"],
  ["mailpit v1.27.8 compiled with go1.25.0 on linux/amd64", "1.27.8"],
  ["no version", undefined],
])("readVersion() takes from %j %j", async (line, version) => {
  const { binary } = createProgram(`echo '${line}'`);
  expect(await readVersion("redis", binary)).toBe(version);
});

test.each([
  ["that hangs and takes no signal", "trap '' TERM INT HUP\nwhile :; do sleep 0.1; done"],
  ["that never ends its output", "exec yes garbage"],
])(
  "readVersion() ends a program %s",
  async (_, script) => {
    const { binary, pidOf } = createProgram(script);
    const version = readVersion("redis", binary, 2_000);
    await until("it runs", () => pidOf() !== undefined);
    expect(await version).toBeUndefined();
    await until("it has gone", () => !isAlive(pidOf() ?? 0));
  },
  120_000,
);

test("readVersion() of what is no program is undefined", async () => {
  expect(await readVersion("redis", "/no/such/program")).toBeUndefined();
});

test("a program that is asked for its version ends with us", async () => {
  const { binary, pidOf } = createProgram("exec sleep 100");
  const module = JSON.stringify(join(import.meta.dirname, "read-version.ts"));
  const code = `const { readVersion } = await import(${module});
    await readVersion("redis", ${JSON.stringify(binary)}, 60_000);`;
  const us = Bun.spawn([process.execPath, "-e", code]);
  await until("it runs", () => pidOf() !== undefined);
  us.kill("SIGKILL");
  await until("it has gone", () => !isAlive(pidOf() ?? 0));
}, 120_000);
