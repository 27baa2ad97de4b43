import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { canonicalise, registrableDomain } from "@hookline/lib-ml";
import fc from "fast-check";
import { type Row, readRows } from "../dataset.ts";
import { build } from "./build/build.ts";
import { hostOf } from "./build/caps.ts";
import { SPLITS } from "./build/site.ts";
import { type DownloadLimits, runData } from "./run-data.ts";
import { parseSources } from "./source.ts";
import { startTestServer } from "./test-server.ts";
import { tarEntry } from "./test-tar.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-data-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LIMITS: DownloadLimits = { attempts: 2, maxMs: 20_000, idleMs: 5000, wait: async () => {} };
const BAD = Array.from(
  { length: 900 },
  (_, i) => `https://login-${i}.${["bad", "evil"][i % 2]}-${i % 300}.example/in/${i}`,
);
const GOOD = Array.from({ length: 600 }, (_, i) => `https://www.shop-${i}.example/about/${i}`);
const HELD = Array.from(
  { length: 200 },
  (_, i) => `https://held-${i}.example/h,${i % 2 ? "phishing" : "fine"}`,
);

const ARCHIVE = gzipSync(
  Buffer.concat([
    tarEntry("pax_global_header", "52 comment=x\n", "g"),
    tarEntry(
      "repo-abc/docs/a.md",
      GOOD.slice(0, 300)
        .map((url) => `- [x](${url})\n`)
        .join(""),
    ),
    tarEntry("repo-abc/docs/b.md", `see <${GOOD.slice(300).join("> <")}>`),
    tarEntry("repo-abc/other.txt", "https://never.example/"),
    new Uint8Array(1024),
  ]),
);
const FILES: Record<string, string | Uint8Array> = {
  "/bad.txt": `# a list\n${BAD.join("\n")}\nhttps://bit.ly/x\nnot an address\n`,
  "/good.tar.gz": ARCHIVE,
  "/held.csv": `url,status\n${HELD.join("\n")}\nhttps://login-1.bad-2.example/x,phishing\n`,
  "/top.json": '{"list":["shop-1.example"]}',
};

function sourcesFor(origin: string, change: Record<string, object> = {}) {
  const common = {
    commit: "a".repeat(40),
    date: "2026-08-22",
    licence: "CC0",
    commercialUse: "yes",
  };
  const labels = { column: "status", phishing: "phishing", legitimate: "fine" };
  return [
    {
      name: "bad",
      label: "phishing",
      role: "train",
      address: `${origin}/bad.txt`,
      extract: { kind: "list" },
    },
    {
      name: "good",
      label: "legitimate",
      role: "train",
      address: `${origin}/good.tar.gz`,
      files: "docs/*.md",
      extract: { kind: "links" },
    },
    {
      name: "held",
      label: "both",
      role: "holdout",
      address: `${origin}/held.csv`,
      extract: { kind: "csv", column: "url", labels },
    },
    {
      name: "top",
      label: "legitimate",
      role: "top-sites",
      address: `${origin}/top.json`,
      extract: { kind: "json", keys: ["list"], bare: true },
    },
  ].map((source) => ({ ...common, ...source, ...change[source.name] }));
}

function start(files: Record<string, string | Uint8Array> = FILES) {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const body = files[pathname];
      return body === undefined ? new Response("no", { status: 404 }) : new Response(body);
    },
  });
  return {
    asked,
    origin: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

async function run(
  argv: readonly string[],
  sources: object,
  signal = new AbortController().signal,
) {
  const out = mkdtempSync(join(root, "out-"));
  const list = join(out, "my-sources.json");
  writeFileSync(list, JSON.stringify(sources));
  const printed: string[] = [];
  const stdout = { write: (text: string) => printed.push(text) };
  const args = ["--out", out, "--sources", list, ...argv];
  const failed = await runData(args, { fetch, stdout, signal, limits: LIMITS }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { out, failed, printed: printed.join("") };
}

async function rowsOf(out: string, split: string): Promise<readonly Row[]> {
  return Array.fromAsync(readRows([join(out, `${split}.tsv.gz`)]));
}

describe("runData()", () => {
  test("downloads lists, an archive and a table, and builds splits that training can read", async () => {
    await using server = start();
    const { out, failed, printed } = await run([], sourcesFor(server.origin));
    expect(failed).toBeUndefined();
    const splits = await Promise.all(SPLITS.map((split) => rowsOf(out, split)));
    const sites = splits.map(
      (rows) => new Set(rows.map(({ url }) => registrableDomain(hostOf(url)))),
    );
    for (const [i, a] of sites.entries()) {
      for (const b of sites.slice(i + 1)) expect(a.intersection(b).size).toBe(0);
    }
    const [train = [], val = [], test = [], holdout = []] = splits;
    // 1,500 in all, less the few that val or test has too many of for its phishing rows.
    expect(train.length + val.length + test.length).toBeGreaterThan(1450);
    expect(train.length).toBeGreaterThan(1100);
    expect(new Set(holdout.map(({ source }) => source))).toEqual(new Set(["held"]));
    expect(holdout.some(({ url }) => url.includes("bad-2"))).toBe(false);
    expect(train.some(({ url }) => url.startsWith("www.") || url.includes("://"))).toBe(false);
    expect(printed).toContain("1 of 4 bad: ");
    expect(printed).toContain(`Written to ${out}`);
    expect(readdirSync(out).toSorted()).toEqual([
      "downloads",
      "holdout.tsv.gz",
      "manifest.json",
      "my-sources.json",
      "test.tsv.gz",
      "train.tsv.gz",
      "val.tsv.gz",
    ]);
  }, 20_000);

  test("writes a manifest whose counts and checksums are those of the files", async () => {
    await using server = start();
    const { out, printed } = await run(["--json"], sourcesFor(server.origin));
    const manifest = JSON.parse(printed);
    expect(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"))).toEqual(manifest);
    for (const split of SPLITS) {
      const bytes = readFileSync(join(out, `${split}.tsv.gz`));
      const rows = await rowsOf(out, split);
      expect(manifest.splits[split]).toMatchObject({
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
        phishing: rows.filter(({ label }) => label === 1).length,
        legitimate: rows.filter(({ label }) => label === 0).length,
      });
    }
    expect(manifest.sources[0]).toMatchObject({
      name: "bad",
      licence: "CC0",
      found: 902,
      usable: 900,
      dropped: { "not an address": 1, shortener: 1 },
      download: { bytes: Buffer.byteLength(String(FILES["/bad.txt"])) },
    });
    expect(manifest.dropped).toMatchObject({ "site in use": 1 });
  }, 20_000);

  test("gives the same bytes in every run, and asks only once for each file", async () => {
    await using server = start();
    const first = await run([], sourcesFor(server.origin));
    const reversed = await run([], sourcesFor(server.origin).toReversed());
    const list = join(first.out, "my-sources.json");
    const stdout = { write: () => true };
    const { signal } = new AbortController();
    const before = readSplits(first.out);
    await runData(["--out", first.out, "--sources", list], {
      fetch,
      stdout,
      signal,
      limits: LIMITS,
    });
    expect(readSplits(first.out)).toEqual(before);
    expect(readSplits(reversed.out)).toEqual(before);
    expect(server.asked.length).toBe(8);
  }, 20_000);

  test("takes only some sources with --only", async () => {
    await using server = start();
    const { out } = await run(["--only", "bad"], sourcesFor(server.origin));
    expect(server.asked).toEqual(["/bad.txt"]);
    expect((await rowsOf(out, "train")).every(({ source }) => source === "bad")).toBe(true);
  }, 20_000);

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
  }, 20_000);

  test("builds without them with --allow-missing, and says so in the manifest", async () => {
    const { "/bad.txt": _, ...rest } = FILES;
    await using server = start(rest);
    const { out, failed } = await run(["--allow-missing"], sourcesFor(server.origin));
    expect(failed).toBeUndefined();
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
    expect(manifest.sources[0]).toMatchObject({ name: "bad", download: null, usable: 0 });
    expect(manifest.sources[0].missing).toContain("404");
  }, 20_000);

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
      'Cannot use source "bad"',
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
    20_000,
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
  }, 20_000);

  test("as a program: Ctrl-C leaves the part, tells so on stderr, and exits with 130", async () => {
    await using server = await startTestServer(() => ({ body: new Uint8Array(1000), drip: true }));
    const out = mkdtempSync(join(root, "out-"));
    const list = join(out, "my-sources.json");
    writeFileSync(list, JSON.stringify(sourcesFor(server.origin)));
    const program = Bun.spawn(
      [
        process.execPath,
        join(import.meta.dir, "../cli.ts"),
        "data",
        "--out",
        out,
        "--sources",
        list,
      ],
      { stdout: "pipe", stderr: "pipe" },
    );
    const part = join(out, "downloads", "bad.part");
    while (!existsSync(part)) await Bun.sleep(5);
    program.kill("SIGINT");
    expect(await program.exited).toBe(130);
    expect(await program.stderr.text()).toContain(
      "Stopped while downloading bad; the same command goes on from here",
    );
    expect(await program.stdout.text()).toBe("");
    expect(existsSync(part)).toBe(true);
  }, 20_000);

  test("prints help, and refuses what it does not know", async () => {
    expect((await run(["--help"], [])).printed).toContain("--allow-missing");
    expect((await run(["--outt", "x"], [])).failed).toMatchObject({ code: "BAD_OPTION" });
    expect((await run(["x"], [])).failed).toMatchObject({ code: "BAD_OPTION" });
    await using server = start();
    const { failed } = await run(["--only", "worse"], sourcesFor(server.origin));
    expect(String(failed)).toContain('Cannot find source "worse"; known: bad, good, held, top');
  });
});

function readSplits(out: string): readonly string[] {
  return SPLITS.map((split) =>
    createHash("sha256")
      .update(readFileSync(join(out, `${split}.tsv.gz`)))
      .digest("hex"),
  );
}

describe("build()", () => {
  // Few sites and paths, so that rows meet: duplicates, both labels, sites in use, www, case, tracking.
  const url = fc
    .tuple(
      fc.constantFrom("", "www.", "a.", "B."),
      fc.integer({ min: 0, max: 25 }),
      fc.constantFrom("com", "github.io", "co.uk"),
      fc.constantFrom("", "/", "/x", "/X?utm_source=1", "/y?e=a@b.example", ":8080/z"),
    )
    .map(([sub, n, ending, path]) => `https://${sub}site${n}.${ending}${path}`);
  const list = fc.array(url, { minLength: 1, maxLength: 60 });

  async function buildLists(lists: readonly (readonly string[])[], order: readonly number[]) {
    const folder = mkdtempSync(join(root, "b-"));
    const names = ["bad", "good", "held_bad", "held_good"];
    const sources = names.map((name) => ({
      name,
      label: name.endsWith("bad") ? "phishing" : "legitimate",
      role: name.startsWith("held") ? "holdout" : "train",
      address: "https://lists.example/x",
      commit: "a".repeat(40),
      date: "2026-08-22",
      extract: { kind: "list" },
      licence: "CC0",
      commercialUse: "yes",
    }));
    const inputs = parseSources(JSON.stringify(sources), "x").map((source, i) => {
      const path = join(folder, source.name);
      writeFileSync(path, (lists[i] ?? []).join("\n"));
      return { source, path };
    });
    const shuffled = order.flatMap((i) => inputs[i] ?? []);
    await build(shuffled, { out: folder, signal: new AbortController().signal });
    return folder;
  }

  test("no site is in two splits, no address in two rows, and the order of the sources is nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(list, list, list, list), async (lists) => {
        const out = await buildLists(lists, [0, 1, 2, 3]);
        const sites = new Map<string, string>();
        const keys = new Set<string>();
        for (const split of SPLITS) {
          for (const { url: written } of await rowsOf(out, split)) {
            const site = registrableDomain(hostOf(written));
            expect(sites.get(site) ?? split).toBe(split);
            sites.set(site, split);
            const key = canonicalise(written)?.text ?? "";
            expect(keys.has(key)).toBe(false);
            keys.add(key);
          }
        }
        const other = await buildLists(
          lists.map((all) => all.toReversed()),
          [3, 1, 0, 2],
        );
        expect(readSplits(other)).toEqual(readSplits(out));
        rmSync(out, { recursive: true });
        rmSync(other, { recursive: true });
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  test("no row of a held-out source is outside of the holdout, and none of another in it", async () => {
    const lists = [BAD, GOOD, HELD.map((line) => line.split(",")[0] ?? ""), GOOD.slice(0, 100)];
    const out = await buildLists(lists, [0, 1, 2, 3]);
    const turned = lists.map((all) => all.toReversed());
    expect(readSplits(await buildLists(turned, [3, 2, 1, 0]))).toEqual(readSplits(out));
    for (const split of SPLITS) {
      const sources = new Set((await rowsOf(out, split)).map(({ source }) => source));
      const held = [...sources].filter((name) => name.startsWith("held"));
      expect([split, held]).toEqual([split, split === "holdout" ? ["held_bad"] : []]);
    }
    expect(gunzipSync(readFileSync(join(out, "holdout.tsv.gz"))).toString()).toMatch(
      /^phishing\theld-/,
    );
  }, 20_000);
});
