import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Answer, startTestServer } from "../test-server.ts";
import { type DownloadOptions, download } from "./download.ts";
import { BODY, cutFirst, options as optionsIn, SHA, wanted } from "./test-download.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-download-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const options = (change: Partial<DownloadOptions> = {}) => optionsIn(root, change);

describe("download() says what is wrong", () => {
  test.each<[string, Answer, { sha256?: string; maxBytes?: number }, string, string]>([
    ["404", { status: 404 }, {}, "DOWNLOAD_FAILED", "it is not there (404)"],
    ["403", { status: 403 }, {}, "DOWNLOAD_FAILED", "the server refuses it (403)"],
    ["418", { status: 418 }, {}, "DOWNLOAD_FAILED", "the server answers 418"],
    ["503 for ever", { status: 503 }, {}, "DOWNLOAD_FAILED", "the server answers 503"],
    [
      "503 until tomorrow",
      { status: 503, headers: { "retry-after": "86400" } },
      {},
      "DOWNLOAD_FAILED",
      "the server answers 503",
    ],
    [
      "another checksum",
      { body: BODY },
      { sha256: "0".repeat(64) },
      "CHECKSUM_WRONG",
      `its SHA-256 is ${SHA}, not 0000`,
    ],
    [
      "too large by its header",
      { body: BODY },
      { maxBytes: 1000 },
      "TOO_LARGE",
      "300000 bytes, over",
    ],
    [
      "too large as it comes",
      { body: BODY, drip: true },
      {},
      "TOO_LARGE",
      "over the limit of 1000000",
    ],
    [
      "packed on the way",
      { body: gzipSync(Buffer.alloc(1e7)), headers: { "content-encoding": "gzip" } },
      {},
      "DOWNLOAD_FAILED",
      'content-encoding "gzip"',
    ],
    [
      "redirect to a file",
      { status: 302, headers: { location: "file:///etc/passwd" } },
      {},
      "DOWNLOAD_FAILED",
      'redirected to "file:///etc/passwd", which is not https',
    ],
    [
      "redirect to plain http elsewhere",
      { status: 302, headers: { location: "http://lists.example/" } },
      {},
      "DOWNLOAD_FAILED",
      "which is not https",
    ],
    [
      "redirect for ever",
      { status: 302, headers: { location: "/a" } },
      {},
      "DOWNLOAD_FAILED",
      "redirected over 5 times",
    ],
  ])("%s", async (_, answer, change, code, message) => {
    await using server = await startTestServer(() => answer);
    const error = await failureOf(download(wanted(`${server.origin}/a`, change), options()));
    expect(error).toMatchObject({ name: "TrainingError", code });
    expect(error.message).toContain(message);
  });

  test("no server at all", async () => {
    const server = await startTestServer(() => ({}));
    await server[Symbol.asyncDispose]();
    const error = await failureOf(download(wanted(`${server.origin}/a`), options()));
    expect(error).toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(error.message).toContain("the connection broke");
  });

  test("a body that never ends within the time limit", async () => {
    await using server = await startTestServer(() => ({ body: new Uint8Array(1), drip: true }));
    const error = await failureOf(download(wanted(`${server.origin}/a`), options({ maxMs: 300 })));
    expect(error.message).toBe("Cannot download list: not done after 0.3 s");
  });

  test("a body that stops in the middle", async () => {
    const never = new Promise<void>(() => {});
    await using server = await startTestServer(() => ({
      body: BODY,
      cut: { after: 1000, when: never },
    }));
    const slow = options({ idleMs: 100, attempts: 1 });
    const error = await failureOf(download(wanted(`${server.origin}/a`), slow));
    expect(error.message).toContain("nothing came for 0.1 s");
  });

  test("a body that never begins", async () => {
    await using server = await startTestServer(() => ({
      headers: { "content-length": "10", connection: "keep-alive" },
      body: new Uint8Array(),
      drip: true,
    }));
    const slow = options({ idleMs: 100, attempts: 2 });
    const error = await failureOf(download(wanted(`${server.origin}/a`), slow));
    expect(error.message).toContain("nothing came for 0.1 s");
    expect(server.asked.length).toBe(2);
  });

  const hasFull = existsSync("/dev/full");
  if (!hasFull) process.stderr.write("skipped: a disk that is full (no /dev/full here)\n");
  test.skipIf(!hasFull).each(["list.part", "list.json.new"])(
    "a disk that is full at %s",
    async (name) => {
      await using server = await startTestServer(() => ({ body: BODY }));
      const full = options();
      symlinkSync("/dev/full", join(full.folder, name));
      const error = await failureOf(download(wanted(`${server.origin}/a`), full));
      expect(error).toMatchObject({ code: "DISK_FULL" });
      expect(error.message).toContain("no space left on the disk");
    },
  );

  test.each(["list.part", "list", "list.json.new"])(
    "a place that cannot be written, %s",
    async (name) => {
      await using server = await startTestServer(() => ({ body: BODY }));
      const taken = options();
      mkdirSync(join(taken.folder, name));
      const error = await failureOf(download(wanted(`${server.origin}/a`), taken));
      expect(error).toMatchObject({ code: "OUTPUT_FAILED" });
      expect(error.message).toStartWith(`Cannot write "${taken.folder}/list`);
    },
  );

  test("Ctrl-C, and goes on in the next run", async () => {
    const stop = new AbortController();
    const cut = { after: 100_000, when: new Promise<void>(() => {}) };
    await using server = await startTestServer((asked) => cutFirst(server.asked, asked, cut));
    const kept = options({ signal: stop.signal, onProgress: () => stop.abort() });
    const error = await failureOf(download(wanted(`${server.origin}/a`), kept));
    expect(error).toMatchObject({ code: "STOPPED" });
    const part = (await readFile(join(kept.folder, "list.part"))).length;
    expect(part).toBeGreaterThan(0);
    const again = await download(wanted(`${server.origin}/a`), {
      ...kept,
      signal: new AbortController().signal,
      onProgress: undefined,
    });
    expect(again.sha256).toBe(SHA);
    expect(server.asked[1]?.headers.get("range")).toBe(`bytes=${part}-`);
  });
});

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof Error)) throw new TypeError("It was expected to fail");
  return error;
}
