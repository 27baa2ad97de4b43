import { hash, SALT } from "../hash.ts";
import { type Candidate, type Chosen, shapeOf } from "./row.ts";
import { type Split, splitOf } from "./site.ts";

/** The most rows that a site may have in a split. */
export interface SiteLimits {
  readonly phishing: number;
  readonly legitimate: number;
  readonly legitimateQueries: number;
  /** For sites of the top list, both of the legitimate limits. */
  readonly wellKnown: number;
  /** In val, test and holdout, for each label. */
  readonly evaluation: number;
}

export const SITE_LIMITS: SiteLimits = {
  phishing: 12,
  legitimate: 20,
  legitimateQueries: 45,
  wellKnown: 60,
  evaluation: 6,
};

export type SelectReason =
  | "duplicate"
  | "both labels"
  | "root of a top site"
  | "site limit"
  | "site in use";

/** What became of the rows of one site. */
export interface Selection {
  readonly chosen: readonly Chosen[];
  readonly dropped: ReadonlyMap<SelectReason, number>;
}

/**
 * Chooses among all rows of one site. Rows of one key are one row (that of the first source by name);
 * a key with both labels is no row at all. A held-out row counts only where the site has no other row.
 * Where there are more than the limit, a hash of the address decides, so the order of the input and the
 * order of the sources do not matter.
 */
export function selectOfSite(
  domain: string,
  rows: readonly Candidate[],
  options: { readonly limits: SiteLimits; readonly isTopSite: boolean },
): Selection {
  const dropped = new Map<SelectReason, number>();
  const drop = (why: SelectReason, n = 1) => n > 0 && dropped.set(why, (dropped.get(why) ?? 0) + n);

  const unique = uniqueRows(rows, drop);
  const used = unique.filter((row) => !row.heldOut);
  const kept = used.length > 0 ? used : unique;
  drop("site in use", unique.length - kept.length);
  const split: Split = used.length > 0 ? splitOf(domain) : "holdout";

  const counts = new Map<string, number>();
  const chosen: Chosen[] = [];
  for (const row of kept) {
    if (row.label === 1 && options.isTopSite && row.url === domain) drop("root of a top site");
    else {
      const { group, limit } = limitOf(row, split, options);
      const count = counts.get(group) ?? 0;
      counts.set(group, count + 1);
      if (count < limit) chosen.push({ ...row, split });
      else drop("site limit");
    }
  }
  return { chosen, dropped };
}

/** One row for each key, in the order of their hashes. */
function uniqueRows(
  rows: readonly Candidate[],
  drop: (why: SelectReason, n?: number) => void,
): readonly Candidate[] {
  const byKey = Map.groupBy(rows, (row) => row.key);
  const unique: { order: number; row: Candidate }[] = [];
  for (const [key, same] of byKey) {
    const labels = new Set(same.map((row) => row.label));
    const [first, ...others] = same.toSorted(compareRows);
    if (labels.size > 1) drop("both labels", same.length);
    else if (first !== undefined) {
      drop("duplicate", others.length);
      unique.push({ order: hash(key, SALT.order), row: first });
    }
  }
  return unique
    .sort((a, b) => a.order - b.order || compareText(a.row.key, b.row.key))
    .map(({ row }) => row);
}

function limitOf(
  row: Candidate,
  split: Split,
  { limits, isTopSite }: { readonly limits: SiteLimits; readonly isTopSite: boolean },
): { group: string; limit: number } {
  if (split !== "train") return { group: `${row.label}`, limit: limits.evaluation };
  if (row.label === 1) return { group: "1", limit: limits.phishing };
  const isQuery = shapeOf(row.url) === "query";
  const limit = isQuery ? limits.legitimateQueries : limits.legitimate;
  return { group: isQuery ? "0?" : "0", limit: isTopSite ? limits.wellKnown : limit };
}

/** Rows that are trained on come before held-out ones, then by source, then by address. */
function compareRows(a: Candidate, b: Candidate): number {
  return (
    Number(a.heldOut) - Number(b.heldOut) ||
    compareText(a.source, b.source) ||
    compareText(a.url, b.url)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
