import { afterAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runData } from "./run-data.ts";
import { startTestServer } from "./test-server.ts";
import { ARCHIVE, FILES, LIMITS, run as runIn, sourcesFor, start } from "./test-sources.ts";
import { tarEntry } from "./test-tar.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-data-failures-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const run = (argv: readonly string[], sources: object) => runIn(root, argv, sources);

describe("runData()", () => {
  test("tells every source that is missing, after it got the others", async () => {
    const { "/bad.txt": _, ...rest } = FILES;
    await using server = start(rest);
    const sources = sourcesFor(server.origin, { top: { sha256: "0".repeat(64) } });
    const { out, failed } = await run([], sources);
    expect(failed).toMatchObject({ name: "TrainingError", code: "DOWNLOAD_FAILED" });
    expect(String(failed)).toContain(
      "Cannot get 2 of 4 sources:\n  Cannot download bad: it is not there (404)",
    );
    expect(String(failed)).toContain("top: its SHA-256 is");
    expect(server.asked.toSorted()).toEqual(["/bad.txt", "/good.tar.gz", "/held.csv", "/top.json"]);
    expect(existsSync(join(out, "train.tsv.gz"))).toBe(false);
  }, 120_000);

  test("builds without them with --allow-missing, and says so in the manifest", async () => {
    const { "/bad.txt": _, ...rest } = FILES;
    await using server = start(rest);
    const { out, failed } = await run(["--allow-missing"], sourcesFor(server.origin));
    expect(failed).toBeUndefined();
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
    expect(manifest.sources[0]).toMatchObject({ name: "bad", download: null, usable: 0 });
    expect(manifest.sources[0].missing).toContain("404");
  }, 120_000);

  test.skipIf(!existsSync("/dev/full"))(
    "a disk that is full leaves the manifest before",
    async () => {
      await using server = start(FILES);
      const { out } = await run([], sourcesFor(server.origin));
      const before = readFileSync(join(out, "manifest.json"), "utf8");
      symlinkSync("/dev/full", join(out, "manifest.json.new"));
      const failed = await runData(["--out", out, "--sources", join(out, "my-sources.json")], {
        fetch,
        stdout: { write: () => {} },
        signal: new AbortController().signal,
        limits: LIMITS,
      }).catch((cause: unknown) => cause);
      expect(failed).toMatchObject({ name: "TrainingError", code: "DISK_FULL" });
      expect(readFileSync(join(out, "manifest.json"), "utf8")).toBe(before);
    },
    120_000,
  );

  test.each<[string, Record<string, string | Uint8Array>, object, string, string]>([
    [
      "a gzip bomb",
      { "/good.tar.gz": gzipSync(tarEntry("r/docs/a.md", Buffer.alloc(30 * 2 ** 20))) },
      {},
      "TOO_LARGE",
      "Cannot unpack good",
    ],
    [
      "an archive over its limit",
      {},
      { good: { maxUnpackedMiB: 0.01 } },
      "TOO_LARGE",
      "Cannot unpack good",
    ],
    [
      "an archive that is cut",
      { "/good.tar.gz": ARCHIVE.subarray(0, 1000) },
      {},
      "DATA_UNREADABLE",
      'Cannot use source "good": Cannot read tar archive: it is cut',
    ],
    [
      "a page in place of an archive",
      { "/good.tar.gz": "<html>" },
      {},
      "DATA_UNREADABLE",
      "it is cut or not gzip",
    ],
    [
      "an archive without such files",
      {},
      { good: { files: "wiki/*.md" } },
      "DATA_UNUSABLE",
      'Cannot use source "good": no address in it',
    ],
    [
      "a list that is empty",
      { "/bad.txt": "# moved\n" },
      {},
      "DATA_UNUSABLE",
      'downloads/bad" to get it again)',
    ],
    [
      "a table without the column",
      { "/held.csv": "address,status\n" },
      {},
      "DATA_UNREADABLE",
      'Cannot find column "url"',
    ],
    ["a download over its limit", {}, { bad: { maxMiB: 0.001 } }, "TOO_LARGE", "over the limit of"],
  ])(
    "refuses %s, and leaves no half-made split",
    async (_, files, change, code, message) => {
      await using server = start({ ...FILES, ...files });
      const { out, failed } = await run([], sourcesFor(server.origin, { ...change }));
      expect(failed).toMatchObject({ name: "TrainingError", code });
      expect(String(failed)).toContain(message);
      expect(readdirSync(out).toSorted()).toEqual(["downloads", "my-sources.json"]);
    },
    120_000,
  );

  test("stops on Ctrl-C between downloads, and goes on from there", async () => {
    const stop = new AbortController();
    await using server = start();
    const stopping: typeof fetch = Object.assign(
      async (...args: Parameters<typeof fetch>) => {
        if (server.asked.length === 2) stop.abort();
        return fetch(...args);
      },
      { preconnect: fetch.preconnect },
    );
    const out = mkdtempSync(join(root, "out-"));
    const list = join(out, "my-sources.json");
    writeFileSync(list, JSON.stringify(sourcesFor(server.origin)));
    const argv = ["--out", out, "--sources", list];
    const stdout = { write: () => true };
    const context = { fetch: stopping, stdout, signal: stop.signal, limits: LIMITS };
    await expect(runData(argv, context)).rejects.toMatchObject({
      code: "STOPPED",
      message: "Stopped while downloading held; the same command goes on from here",
    });
    expect(existsSync(join(out, "train.tsv.gz"))).toBe(false);
    const { signal } = new AbortController();
    await runData(argv, { fetch, stdout, signal, limits: LIMITS });
    expect(server.asked).toEqual(["/bad.txt", "/good.tar.gz", "/held.csv", "/top.json"]);
  }, 120_000);

  /** The command as a program that is in the middle of a download. */
  async function startProgram(origin: string) {
    const out = mkdtempSync(join(root, "out-"));
    const list = join(out, "my-sources.json");
    writeFileSync(list, JSON.stringify(sourcesFor(origin)));
    const argv = ["--out", out, "--sources", list];
    const cli = join(import.meta.dir, "../cli.ts");
    const program = Bun.spawn([process.execPath, cli, "data", ...argv], {
      stdout: "pipe",
      stderr: "pipe",
    });
    const part = join(out, "downloads", "bad.part");
    while (!existsSync(part)) await Bun.sleep(5);
    return { out, list, argv, part, program };
  }
  const endless = () => startTestServer(() => ({ body: new Uint8Array(1000), drip: true }));

  test("as a program: Ctrl-C leaves the part, tells so on stderr, and exits with 130", async () => {
    await using server = await endless();
    const { out, part, program } = await startProgram(server.origin);
    program.kill("SIGINT");
    expect(await program.exited).toBe(130);
    expect(await program.stderr.text()).toContain(
      "Stopped while downloading bad; the same command goes on from here",
    );
    expect(await program.stdout.text()).toBe("");
    expect(existsSync(part)).toBe(true);
    expect(readdirSync(out).toSorted()).toEqual(["downloads", "my-sources.json"]);
  }, 120_000);

  test("keeps its folder from a second run, but not when it was killed", async () => {
    await using server = await endless();
    const { out, list, argv, program } = await startProgram(server.origin);
    const stdout = { write: () => true };
    const context = { fetch, stdout, signal: new AbortController().signal, limits: LIMITS };
    await expect(runData(argv, context)).rejects.toMatchObject({
      code: "OUTPUT_FAILED",
      message: `Cannot write to "${out}": process ${program.pid} is at work there; wait for it, or remove "${join(out, ".running")}" if that is another program`,
    });
    program.kill("SIGKILL");
    await program.exited;
    await using honest = start();
    writeFileSync(list, JSON.stringify(sourcesFor(honest.origin)));
    await runData(argv, context);
    expect(readdirSync(out)).not.toContain(".running");
  }, 120_000);

  test("prints help, and refuses what it does not know", async () => {
    expect((await run(["--help"], [])).printed).toContain("--allow-missing");
    expect((await run(["--outt", "x"], [])).failed).toMatchObject({ code: "BAD_OPTION" });
    expect((await run(["x"], [])).failed).toMatchObject({ code: "BAD_OPTION" });
    await using server = start();
    const { failed } = await run(["--only", "worse"], sourcesFor(server.origin));
    expect(String(failed)).toContain('Cannot find source "worse"; known: bad, good, held, top');
  });
});
