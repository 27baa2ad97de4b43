// One look over the data before hours of work: how many rows of what, from where, is anything missing.
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { type CanonicalUrl, canonicalise } from "@hookline/lib-ml";
import { type ReadRowsOptions, readRows } from "./dataset.ts";
import { TrainingError } from "./errors.ts";
import { siteOf } from "./evaluate/site.ts";
import type { Role } from "./roles.ts";

export interface SourceCount {
  readonly name: string;
  readonly label: "phishing" | "legitimate";
  readonly rows: number;
}

export interface Survey {
  readonly role: Role;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** Rows that are used; those of excluded sources are not among them. */
  readonly rows: number;
  readonly phishing: number;
  /** Used rows whose text is no URL: nothing is learnt of them, or measured with them. */
  readonly notUrls: number;
  /** All sources of the files, excluded ones too. */
  readonly sources: readonly SourceCount[];
  /** Rows (used ones) whose site is also in the other sets, by the name of the set. */
  readonly shared: Readonly<Record<string, number>>;
}

export interface SurveyOptions extends ReadRowsOptions {
  /** Sets of sites that must not occur here; counted in `shared`. */
  readonly apart?: Readonly<Record<string, ReadonlySet<string>>>;
}

/**
 * Counts the rows of files. Throws a TrainingError when nothing is left, when a class has no URL, or
 * when a source that is to be excluded does not occur (a misspelt name would ship what it must not).
 */
export async function surveyFiles(
  role: Role,
  paths: readonly string[],
  options: SurveyOptions = {},
): Promise<Survey> {
  const excluded = new Set(options.excludeSources);
  const counts = new Map<string, { name: string; label: 0 | 1; rows: number }>();
  const apart = Object.entries(options.apart ?? {});
  const shared: Record<string, number> = Object.fromEntries(apart.map(([name]) => [name, 0]));
  const used: [number, number] = [0, 0];
  const urls: [number, number] = [0, 0];
  const reading = options.signal === undefined ? {} : { signal: options.signal };
  for await (const { label, source, url } of readRows(paths, reading)) {
    const key = `${source}\t${label}`;
    const count = counts.get(key) ?? { name: source, label, rows: 0 };
    count.rows += 1;
    counts.set(key, count);
    if (excluded.has(source)) continue;
    used[label] += 1;
    const canonical = canonicalise(url);
    if (canonical === undefined) continue;
    urls[label] += 1;
    if (apart.length > 0) countShared(canonical, apart, shared);
  }
  requireSources(role, excluded, [...counts.values()]);
  const rows = used[0] + used[1];
  const notUrls = rows - urls[0] - urls[1];
  requireClasses(role, urls, notUrls);
  return {
    role,
    files: await Promise.all(paths.map(async (path) => describeFile(path))),
    rows,
    phishing: used[1],
    notUrls,
    sources: [...counts.values()]
      .sort((a, b) => b.label - a.label || b.rows - a.rows || a.name.localeCompare(b.name))
      .map(({ name, label, rows }) => ({
        name,
        label: label === 1 ? "phishing" : "legitimate",
        rows,
      })),
    shared,
  };
}

function countShared(
  url: CanonicalUrl,
  apart: readonly (readonly [string, ReadonlySet<string>])[],
  shared: Record<string, number>,
): void {
  const site = siteOf(url);
  for (const [name, sites] of apart) {
    if (sites.has(site)) shared[name] = (shared[name] ?? 0) + 1;
  }
}

function requireSources(
  role: Role,
  excluded: ReadonlySet<string>,
  counts: readonly { name: string }[],
): void {
  if (role !== "train") return;
  const known = new Set(counts.map(({ name }) => name));
  const unknown = [...excluded].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const message = `Cannot exclude "${unknown.join('", "')}": the training data has no such source; it has ${[...known].sort().join(", ")}`;
  throw new TrainingError("BAD_OPTION", message);
}

function requireClasses(
  role: Role,
  [legitimate, phishing]: readonly [number, number],
  notUrls: number,
): void {
  if (legitimate > 0 && phishing > 0) return;
  const others = notUrls === 0 ? "" : `, and ${notUrls} whose text is no URL`;
  const state =
    legitimate + phishing + notUrls === 0
      ? "no row is left"
      : `both classes are needed, found ${phishing} phishing and ${legitimate} legitimate rows${others}`;
  throw new TrainingError("DATA_UNUSABLE", `Cannot use the ${role} data: ${state}`);
}

async function describeFile(path: string): Promise<{ name: string; sha256: string }> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { name: basename(path), sha256: hash.digest("hex") };
}
