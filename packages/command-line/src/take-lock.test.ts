import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock } from "./take-lock.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "take-lock-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("takeLock() keeps a lock until it is released, and leaves nothing", () => {
  const file = join(folder, "one");
  const first = takeLock(file);
  expect(readFileSync(file, "utf8")).toBe(`${process.pid}\n`);
  expect(takeLock(file)).toEqual({ status: "busy", holder: process.pid });
  if (first.status === "held") first.release();
  expect(readdirSync(folder)).toEqual([]);
});

const { pid: ended } = Bun.spawnSync([process.execPath, "-e", ""]);

test.each([
  ["of a process that has ended", `${ended}`],
  ["with our number, which another process had before", `${process.pid}`],
  ["without a number", ""],
])("takeLock() takes a lock over %s", (_, text) => {
  const file = join(folder, "left");
  writeFileSync(file, text);
  const lock = takeLock(file);
  expect(lock.status).toBe("held");
  if (lock.status === "held") lock.release();
});

test("takeLock() says what the system says where there is no such folder", () => {
  expect(() => takeLock(join(folder, "none/lock"))).toThrow("ENOENT");
});

const LOCKS = 50;

/** Takes one lock after the other when it is told to, tells which it got, and stays until its input ends. */
const WORKER = `
  import { takeLock } from ${JSON.stringify(join(import.meta.dirname, "take-lock.ts"))};
  const [folder = ""] = process.argv.slice(1);
  console.log("ready");
  const input = Bun.stdin.stream().getReader();
  await input.read();
  const names = Array.from({ length: ${LOCKS} }, (_, at) => folder + "/lock-" + at);
  console.log(names.map((name) => takeLock(name).status).join(" "));
  while (!(await input.read()).done);
`;

test.each(["new", "left of a process that has ended"])(
  "takeLock() gives each lock to one of several who want it at once: %s",
  async (state) => {
    const place = mkdtempSync(join(folder, "race-"));
    if (state !== "new") {
      for (let at = 0; at < LOCKS; at += 1) writeFileSync(join(place, `lock-${at}`), `${ended}\n`);
    }
    const workers = Array.from({ length: 4 }, () => {
      const command = [process.execPath, "-e", WORKER, place];
      const { stdin, stdout } = Bun.spawn(command, { stdin: "pipe", stdout: "pipe" });
      return { stdin, lines: stdout.pipeThrough(new TextDecoderStream()).getReader() };
    });
    for (const { lines } of workers) expect((await lines.read()).value).toBe("ready\n");
    for (const { stdin } of workers) {
      stdin.write("go\n");
      stdin.flush();
    }
    const got = await Promise.all(
      workers.map(async ({ lines }) => (await lines.read()).value?.trim().split(" ") ?? []),
    );
    for (const { stdin } of workers) stdin.end();
    for (let at = 0; at < LOCKS; at += 1) {
      expect(got.filter((statuses) => statuses[at] === "held")).toHaveLength(1);
    }
    expect(readdirSync(place)).toHaveLength(LOCKS);
  },
  120_000,
);
