import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerRange, startTestServer } from "../test-server.ts";
import { type DownloadOptions, download } from "./download.ts";
import { BODY, createCut, cutFirst, options as optionsIn, SHA, wanted } from "./test-download.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-download-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const options = (change: Partial<DownloadOptions> = {}) => optionsIn(root, change);

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
