// Downloaded sources → train, val, test and holdout. Four passes over temporary files, so memory holds
// about a 64th of the rows at a time, and never more than 4,000 of one site:
// 1. every row, by hash of its site;   2. each site chooses, then by hash of the address;
// 3. in that order the limits over all sites;   4. each split is balanced and written.
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { unwritable } from "../errors.ts";
import { hash, SALT } from "../hash.ts";
import type { Source } from "../source.ts";
import { createBalance } from "./balance.ts";
import { type Buckets, createBuckets } from "./buckets.ts";
import { CAPS, type CapReason, createCaps, hostOf } from "./caps.ts";
import { type Collected, collect, collectTopSites } from "./collect.ts";
import { type Candidate, formatCandidate, parseCandidate } from "./row.ts";
import { type SelectReason, SITE_LIMITS, selectOfSite } from "./select.ts";
import { SPLITS, type Split, siteOf } from "./site.ts";
import { createSplitFiles, type SplitFiles } from "./split-files.ts";
import { createThinner, type Thinner } from "./thin.ts";
import { type WrittenFile, writeGzip } from "./write-split.ts";

/** A source and where its download is. */
export interface Input {
  readonly source: Source;
  readonly path: string;
}

export interface BuildOptions {
  readonly out: string;
  readonly signal: AbortSignal;
  /** Told before each source is read, and before each of the three later passes. */
  readonly onStep?: ((step: string) => void) | undefined;
}

export type BuildReason = SelectReason | CapReason | "balance" | "site with very many";

export interface SplitSummary extends WrittenFile {
  readonly file: string;
  readonly phishing: number;
  readonly legitimate: number;
  /** Rows of each source. */
  readonly sources: Readonly<Record<string, number>>;
}

export interface BuildSummary {
  readonly collected: ReadonlyMap<string, Collected>;
  readonly dropped: ReadonlyMap<BuildReason, number>;
  readonly splits: Readonly<Record<Split, SplitSummary>>;
}

/**
 * Builds the four splits in a folder. The same downloads give the same bytes, in whatever order the
 * sources come. Throws a TrainingError for a source that has no rows, a full disk, or a broken archive.
 */
export async function build(
  inputs: readonly Input[],
  options: BuildOptions,
): Promise<BuildSummary> {
  const work = join(options.out, ".work");
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const dropped = new Map<BuildReason, number>();
    const drop = (why: BuildReason, n = 1) => dropped.set(why, (dropped.get(why) ?? 0) + n);
    const sorted = inputs.toSorted((a, b) => (a.source.name < b.source.name ? -1 : 1));
    const topSites = await readTopSites(sorted, options);
    const thinner = createThinner();
    const bySite = createBuckets(join(work, "by-site"));
    const collected = await collectAll(sorted, bySite, thinner, options);
    options.onStep?.("choosing among the rows of each site");
    const byOrder = createBuckets(join(work, "by-order"));
    await selectAll(bySite, byOrder, { topSites, thinner, drop, signal: options.signal });
    options.onStep?.("applying the limits");
    const files = createSplitFiles(work);
    await capAll(byOrder, files, { quotas: quotasOf(inputs), drop, signal: options.signal });
    options.onStep?.("writing the splits");
    const splits = await writeAll(files, { ...options, out: work }, () => drop("balance"));
    // Only when all four are whole: a training split beside a test split of another run could share sites with it.
    for (const { file } of Object.values(splits)) {
      await rename(join(work, file), join(options.out, file)).catch((cause: unknown) => {
        throw unwritable(join(options.out, file), cause);
      });
    }
    return { collected, dropped, splits };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function readTopSites(
  inputs: readonly Input[],
  { signal }: BuildOptions,
): Promise<ReadonlySet<string>> {
  let names: ReadonlySet<string> = new Set();
  for (const { source, path } of inputs) {
    if (source.role === "top-sites") {
      names = names.union(await collectTopSites(source, path, signal));
    }
  }
  return names;
}

async function collectAll(
  inputs: readonly Input[],
  buckets: Buckets,
  thinner: Thinner,
  options: BuildOptions,
): Promise<ReadonlyMap<string, Collected>> {
  const collected = new Map<string, Collected>();
  for (const { source, path } of inputs) {
    if (source.role === "top-sites") continue;
    options.onStep?.(`reading ${source.name}`);
    const onRow = (row: Candidate) => {
      const { domain } = siteOf(hostOf(row.url));
      thinner.count(domain);
      buckets.add(hash(domain, SALT.site), formatCandidate(row));
    };
    collected.set(source.name, await collect(source, path, onRow, options.signal));
  }
  return collected;
}

async function selectAll(
  bySite: Buckets,
  byOrder: Buckets,
  options: {
    readonly topSites: ReadonlySet<string>;
    readonly thinner: Thinner;
    readonly drop: (why: BuildReason, n?: number) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const parse = (line: string) => {
    const row = parseCandidate(line);
    const { domain } = siteOf(hostOf(row.url));
    if (options.thinner.takes(domain, row.key)) return { domain, row };
    options.drop("site with very many");
    return undefined;
  };
  for await (const rows of bySite.read(parse)) {
    options.signal.throwIfAborted();
    for (const [domain, all] of Map.groupBy(rows, (one) => one.domain)) {
      const isTopSite = options.topSites.has(domain);
      const ofSite = all.map(({ row }) => row);
      const { chosen, dropped } = selectOfSite(domain, ofSite, { limits: SITE_LIMITS, isTopSite });
      for (const [why, n] of dropped) options.drop(why, n);
      for (const row of chosen) {
        byOrder.add(hash(row.key, SALT.order), formatCandidate(row, row.split));
      }
    }
  }
}

async function capAll(
  byOrder: Buckets,
  files: SplitFiles,
  options: {
    readonly quotas: ReadonlyMap<string, number>;
    readonly drop: (why: BuildReason) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const cap = createCaps(CAPS, options.quotas);
  const parse = (line: string) => {
    const row = parseCandidate(line);
    return { row, order: hash(row.key, SALT.order) };
  };
  for await (const rows of byOrder.read(parse)) {
    options.signal.throwIfAborted();
    rows.sort((a, b) => a.order - b.order || (a.row.key < b.row.key ? -1 : 1));
    for (const { row } of rows) {
      const split = SPLITS.find((name) => name === row.split);
      if (split === undefined) throw new RangeError(`Not a split: "${row.split}"`);
      const chosen = { ...row, split };
      const why = cap(chosen);
      if (why === undefined) files.add(chosen);
      else options.drop(why);
    }
  }
}

async function writeAll(
  files: SplitFiles,
  { out, signal }: BuildOptions,
  onDrop: () => void,
): Promise<Readonly<Record<Split, SplitSummary>>> {
  const write = async (split: Split): Promise<SplitSummary> => {
    const keep = createBalance(split, files.shapes(split));
    const labels = { 0: 0, 1: 0 };
    const sources: Record<string, number> = {};
    async function* lines(): AsyncGenerator<string> {
      for await (const row of files.read(split)) {
        if (keep(row)) {
          labels[row.label] += 1;
          sources[row.source] = (sources[row.source] ?? 0) + 1;
          yield `${row.label === 1 ? "phishing" : "legitimate"}\t${row.url}\t${row.source}\n`;
        } else onDrop();
      }
    }
    const file = `${split}.tsv.gz`;
    const written = await writeGzip(join(out, file), lines(), signal);
    return { file, ...written, phishing: labels[1], legitimate: labels[0], sources };
  };
  return {
    train: await write("train"),
    val: await write("val"),
    test: await write("test"),
    holdout: await write("holdout"),
  };
}

function quotasOf(inputs: readonly Input[]): ReadonlyMap<string, number> {
  return new Map(
    inputs.flatMap(({ source: { name, quota } }) => (quota === undefined ? [] : [[name, quota]])),
  );
}
