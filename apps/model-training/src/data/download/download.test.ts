import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Answer, type Asked, answerRange, startTestServer } from "../test-server.ts";
import { type DownloadOptions, download } from "./download.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-download-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

// 300 KB of pseudo-random bytes: a wrong offset anywhere shows.
const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
const SHA = createHash("sha256").update(BODY).digest("hex");

function options(change: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    folder: mkdtempSync(join(root, "d-")),
    fetch,
    signal: new AbortController().signal,
    attempts: 3,
    maxMs: 20_000,
    idleMs: 10_000,
    wait: async () => {},
    ...change,
  };
}

/** A gate that a download opens once it has brought this many bytes. */
function createCut(after: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onProgress = (bytes: number) => void (bytes >= after && resolve());
  return { cut: { after, when: promise }, onProgress };
}

function wanted(address: string, change: { sha256?: string; maxBytes?: number } = {}) {
  return { name: "list", address, maxBytes: 1_000_000, ...change };
}

describe("download() brings the same bytes", () => {
  test("in one go, and does not ask again when the file is there", async () => {
    await using server = await startTestServer((asked) => answerRange(asked, BODY, '"1"'));
    const kept = options();
    const first = await download(wanted(`${server.origin}/a`, { sha256: SHA }), kept);
    expect(readFileSync(first.path).equals(BODY)).toBe(true);
    expect(first).toMatchObject({ bytes: BODY.length, sha256: SHA });
    expect(await download(wanted(`${server.origin}/a`, { sha256: SHA }), kept)).toEqual(first);
    expect(server.asked.length).toBe(1);
  });

  test("in a second run after a cut, asking only for the rest", async () => {
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer((asked) => cutFirst(server.asked, asked, cut));
    const kept = options({ onProgress });
    const stop = new AbortController();
    const wait = async () => stop.abort();
    const first = download(wanted(`${server.origin}/a`), { ...kept, signal: stop.signal, wait });
    await expect(first).rejects.toThrow("Stopped while downloading list");
    const file = await download(wanted(`${server.origin}/a`), kept);
    expect(readFileSync(file.path).equals(BODY)).toBe(true);
    expect(server.asked[1]?.headers.get("range")).toBe("bytes=200000-");
    expect(server.asked[1]?.headers.get("if-range")).toBe('"1"');
  });

  test("in the same run after a cut", async () => {
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer((asked) => cutFirst(server.asked, asked, cut));
    const file = await download(wanted(`${server.origin}/a`), options({ onProgress }));
    expect(readFileSync(file.path).equals(BODY)).toBe(true);
    expect(server.asked.map((asked) => asked.headers.get("range"))).toEqual([
      null,
      "bytes=200000-",
    ]);
  });

  test("after many cuts, since each brings something", async () => {
    let gate = createCut(0);
    await using server = await startTestServer((asked) => {
      const from = Number(/\d+/.exec(asked.headers.get("range") ?? "0")?.[0]);
      gate = createCut(from + 70_000);
      const cut = { ...gate.cut, after: 70_000 };
      return { ...answerRange(asked, BODY, '"1"'), ...(from + 70_000 < BODY.length && { cut }) };
    });
    const onProgress = (bytes: number) => gate.onProgress(bytes);
    const file = await download(wanted(`${server.origin}/a`), options({ attempts: 2, onProgress }));
    expect(readFileSync(file.path).equals(BODY)).toBe(true);
    expect(server.asked.length).toBe(5);
  });

  test("after a cut from a server that ignores Range", async () => {
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer(() => ({
      headers: { etag: '"1"' },
      body: BODY,
      ...(server.asked.length === 1 && { cut }),
    }));
    const file = await download(wanted(`${server.origin}/a`), options({ onProgress }));
    expect(readFileSync(file.path).equals(BODY)).toBe(true);
    expect(server.asked[1]?.headers.get("range")).toBe("bytes=200000-");
  });

  test("after a cut when the file has changed meanwhile: the new one, from its start", async () => {
    const changed = BODY.toReversed();
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer((asked) =>
      server.asked.length === 1
        ? cutFirst(server.asked, asked, cut)
        : answerRange(asked, changed, '"2"'),
    );
    const file = await download(wanted(`${server.origin}/a`), options({ onProgress }));
    expect(readFileSync(file.path).equals(changed)).toBe(true);
    expect(server.asked[1]?.headers.get("range")).toBe("bytes=200000-");
  });

  test("after a cut when a broken server sends the rest of the changed file", async () => {
    const changed = BODY.toReversed();
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer((asked) => {
      if (server.asked.length === 1) return cutFirst(server.asked, asked, cut);
      const blind = new Headers(asked.headers);
      blind.delete("if-range");
      return answerRange({ ...asked, headers: blind }, changed, '"2"');
    });
    const file = await download(wanted(`${server.origin}/a`), options({ onProgress }));
    expect(readFileSync(file.path).equals(changed)).toBe(true);
    expect(server.asked.length).toBe(3);
  });

  test("after a cut without any ETag, by the checksum: both halves again if they do not fit", async () => {
    const old = BODY.toReversed();
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer((asked) => {
      const first = server.asked.length === 1;
      const answer = answerRange(asked, first ? old : BODY, "");
      const { etag: _, ...headers } = answer.headers ?? {};
      return { ...answer, headers, ...(first && { cut }) };
    });
    const pinned = wanted(`${server.origin}/a`, { sha256: SHA });
    const file = await download(pinned, options({ onProgress }));
    expect(readFileSync(file.path).equals(BODY)).toBe(true);
    expect(server.asked.map((asked) => asked.headers.get("range"))).toEqual([
      null,
      "bytes=200000-",
      null,
    ]);
  });

  test("after a cut without ETag or checksum: all of it again", async () => {
    const { cut, onProgress } = createCut(200_000);
    await using server = await startTestServer(() => ({
      body: BODY,
      ...(server.asked.length === 1 && { cut }),
    }));
    const file = await download(wanted(`${server.origin}/a`), options({ onProgress }));
    expect(file.sha256).toBe(SHA);
    expect(server.asked[1]?.headers.get("range")).toBe(null);
  });

  test("when the last byte came and only the renaming was cut off", async () => {
    await using server = await startTestServer((asked) => answerRange(asked, BODY, '"1"'));
    const kept = options();
    const address = `${server.origin}/a`;
    await Bun.write(join(kept.folder, "list.part"), BODY);
    const state = { address, validator: '"1"', date: "2026-01-01T00:00:00Z" };
    await Bun.write(join(kept.folder, "list.json"), JSON.stringify(state));
    const file = await download(wanted(address), kept);
    expect(file.sha256).toBe(SHA);
    expect(server.asked.map((asked) => asked.headers.get("range"))).toEqual(["bytes=300000-"]);
  });

  test("again, when the file on the disk was changed meanwhile", async () => {
    await using server = await startTestServer((asked) => answerRange(asked, BODY, '"1"'));
    const kept = options();
    const { path } = await download(wanted(`${server.origin}/a`), kept);
    await Bun.write(path, BODY.with(7, 255));
    expect((await download(wanted(`${server.origin}/a`), kept)).sha256).toBe(SHA);
    expect(readFileSync(path).equals(BODY)).toBe(true);
  });

  test("when what was left is of another address, or longer than the file", async () => {
    await using server = await startTestServer((asked) => answerRange(asked, BODY, '"1"'));
    const kept = options();
    await Bun.write(join(kept.folder, "list.part"), new Uint8Array(400_000));
    const state = { address: "https://x.example/", validator: '"1"', date: "2026-01-01T00:00:00Z" };
    await Bun.write(join(kept.folder, "list.json"), JSON.stringify(state));
    expect((await download(wanted(`${server.origin}/a`), kept)).sha256).toBe(SHA);
    expect(server.asked.map((asked) => asked.headers.get("range"))).toEqual([null]);
    await Bun.write(join(kept.folder, "list.part"), new Uint8Array(400_000));
    const same = { ...state, address: `${server.origin}/b` };
    await Bun.write(join(kept.folder, "list.json"), JSON.stringify(same));
    expect((await download(wanted(`${server.origin}/b`), kept)).sha256).toBe(SHA);
  });

  test("after 503 and 429, waiting as long as the server asks", async () => {
    const waits: number[] = [];
    await using server = await startTestServer((asked) => {
      if (server.asked.length === 1) return { status: 503, headers: { "retry-after": "7" } };
      return server.asked.length === 2 ? { status: 429 } : answerRange(asked, BODY, '"1"');
    });
    const wait = async (ms: number) => void waits.push(ms);
    const file = await download(wanted(`${server.origin}/a`), options({ wait }));
    expect(file.sha256).toBe(SHA);
    expect(waits[0]).toBe(7000);
    expect(waits[1]).toBeGreaterThanOrEqual(1000);
  });

  test("through redirects on the same machine", async () => {
    await using server = await startTestServer((asked) =>
      asked.path === "/a"
        ? { status: 302, headers: { location: "/b" } }
        : answerRange(asked, BODY, '"1"'),
    );
    expect((await download(wanted(`${server.origin}/a`), options())).sha256).toBe(SHA);
  });
});

function cutFirst(all: readonly Asked[], asked: Asked, cut: NonNullable<Answer["cut"]>): Answer {
  const answer = answerRange(asked, BODY, '"1"');
  return all.length === 1 ? { ...answer, cut } : answer;
}

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
  test.skipIf(!hasFull)("a disk that is full", async () => {
    await using server = await startTestServer(() => ({ body: BODY }));
    const full = options();
    symlinkSync("/dev/full", join(full.folder, "list.part"));
    const error = await failureOf(download(wanted(`${server.origin}/a`), full));
    expect(error).toMatchObject({ code: "DISK_FULL" });
    expect(error.message).toContain("no space left on the disk");
  });

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

if (!existsSync("/dev/full")) {
  process.stderr.write("skipped: a disk that is full (no /dev/full here)\n");
}
