import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registrableDomain } from "@hookline/lib-ml";
import { hostOf } from "./build/caps.ts";
import { SPLITS } from "./build/site.ts";
import { runData } from "./run-data.ts";
import {
  FILES,
  LIMITS,
  readSplits,
  rowsOf,
  run as runIn,
  sourcesFor,
  start,
} from "./test-sources.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-data-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const run = (argv: readonly string[], sources: object) => runIn(root, argv, sources);

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
    expect(printed).toEndWith(`\nThen: bun run train --data ${out} --out models\n`);
    expect(readdirSync(out).toSorted()).toEqual([
      "downloads",
      "holdout.tsv.gz",
      "manifest.json",
      "my-sources.json",
      "test.tsv.gz",
      "train.tsv.gz",
      "val.tsv.gz",
    ]);
  }, 120_000);

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
  }, 120_000);

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
  }, 120_000);

  test("takes only some sources with --only", async () => {
    await using server = start();
    const { out } = await run(["--only", "bad"], sourcesFor(server.origin));
    expect(server.asked).toEqual(["/bad.txt"]);
    expect((await rowsOf(out, "train")).every(({ source }) => source === "bad")).toBe(true);
  }, 120_000);
});
