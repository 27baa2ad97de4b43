// Ctrl-C on `train`, once and again while it stops.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOM = join(import.meta.dirname, "../..");
const CLI = join(ROOM, "src/cli.ts");
const DATA = join(ROOM, "testdata");
let folder = "";
let many = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-stop-"));
  many = join(folder, "many");
  await mkdir(many);
  const text = await Bun.file(join(DATA, "train.tsv")).text();
  await writeFile(join(many, "train.tsv"), text.repeat(60));
  for (const name of ["val.tsv", "test.tsv"]) {
    await Bun.write(join(many, name), Bun.file(join(DATA, name)));
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts `train` and sends the signals one after the other as soon as it trains. */
async function stopTraining(out: string, signals: readonly NodeJS.Signals[]) {
  const child = Bun.spawn([process.execPath, CLI, "train", "--data", many, "--out", out], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const decoder = new TextDecoder();
  let seen = "";
  for await (const chunk of child.stderr) {
    const before = seen.includes("training");
    seen += decoder.decode(chunk, { stream: true });
    if (before || !seen.includes("training")) continue;
    for (const signal of signals) {
      child.kill(signal);
      // Two of one kind that wait together arrive as one.
      await Bun.sleep(1);
    }
  }
  return { code: await child.exited, seen };
}

test.each<[string, readonly NodeJS.Signals[], readonly number[]]>([
  ["one Ctrl-C", ["SIGINT"], [130]],
  ["a second Ctrl-C while it stops", ["SIGINT", "SIGINT"], [130]],
  ["a third one", ["SIGINT", "SIGINT", "SIGINT"], [130]],
  ["SIGTERM", ["SIGTERM"], [143]],
  // Two that wait together may be heard in either order.
  ["SIGTERM after Ctrl-C", ["SIGINT", "SIGTERM"], [130, 143]],
])(
  "train stops on %s and leaves nothing behind",
  async (name, signals, exits) => {
    const base = join(folder, name.replaceAll(" ", "-"));
    await mkdir(base);
    const { code, seen } = await stopTraining(join(base, "new", "models"), signals);
    expect(seen).toEndWith("Stopped; nothing was written\n");
    expect(exits).toContain(code);
    expect(await readdir(base)).toEqual([]);
  },
  120_000,
);

test("train that is stopped leaves an --out folder that was there, and what is in it", async () => {
  const empty = join(folder, "empty");
  await mkdir(empty);
  await stopTraining(empty, ["SIGINT"]);
  expect(await readdir(empty)).toEqual([]);
  const notes = join(folder, "notes");
  await mkdir(notes);
  await writeFile(join(notes, "notes.txt"), "mine");
  await stopTraining(notes, ["SIGINT"]);
  expect(await readdir(notes)).toEqual(["notes.txt"]);
}, 120_000);

const listing = `/proc/${process.pid}/task/${process.pid}/children`;
test.skipIf(!existsSync(listing))(
  "train says in a sentence that the system killed its process, and leaves nothing behind",
  async () => {
    const base = join(folder, "killed");
    await mkdir(base);
    const out = join(base, "models");
    const argv = ["train", "--model", "linear", "--data", many, "--out", out];
    const child = Bun.spawn([process.execPath, CLI, ...argv], { stdout: "pipe", stderr: "pipe" });
    const { pid } = child;
    let seen = "";
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      const before = seen.includes("training");
      seen += chunk;
      if (before || !seen.includes("training")) continue;
      const workers = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8"))
        .trim()
        .split(" ");
      for (const worker of workers) process.kill(Number(worker), "SIGKILL");
    }
    expect(await child.exited).toBe(1);
    expect(seen.trimEnd().split("\n").at(-1)).toBe(
      "Cannot train linear: its process was ended by SIGKILL, which the system sends when memory runs out",
    );
    expect(await readdir(base)).toEqual([]);
  },
  120_000,
);
