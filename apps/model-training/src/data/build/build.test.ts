import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { canonicalise, registrableDomain } from "@hookline/lib-ml";
import fc from "fast-check";
import { parseSources } from "../source.ts";
import { BAD, GOOD, HELD, readSplits, rowsOf } from "../test-sources.ts";
import { build } from "./build.ts";
import { hostOf } from "./caps.ts";
import { SPLITS } from "./site.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-build-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

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

  async function buildLists(
    lists: readonly (readonly string[])[],
    order: readonly number[],
    { folder = mkdtempSync(join(root, "b-")), signal = new AbortController().signal } = {},
  ) {
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
    await build(shuffled, { out: folder, signal });
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
  }, 120_000);

  test("a build that is stopped halfway through the splits leaves all of those before", async () => {
    const folder = await buildLists([BAD, GOOD, ["held.example"], ["x.example"]], [0, 1, 2, 3]);
    const before = readSplits(folder);
    const stop = new AbortController();
    const train = join(folder, "train.tsv.gz");
    const old = readFileSync(train);
    const timer = setInterval(() => {
      const isNew = !readFileSync(train).equals(old);
      if (isNew || existsSync(join(folder, ".work/train.tsv.gz"))) stop.abort();
    }, 0);
    const more = [
      ...GOOD,
      ...Array.from({ length: 20_000 }, (_, i) => `https://n${i}.example/${i}`),
    ];
    const lists = [
      [...BAD, ...more.map((one) => `${one}x`)],
      more,
      ["held.example"],
      ["x.example"],
    ];
    const { signal } = stop;
    await expect(buildLists(lists, [0, 1, 2, 3], { folder, signal })).rejects.toThrow();
    clearInterval(timer);
    expect(readSplits(folder)).toEqual(before);
  }, 120_000);

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
  }, 120_000);
});
