import type { BuildSummary } from "./build/build.ts";
import type { Downloaded } from "./download/download.ts";
import type { Source } from "./source.ts";

/** A source of the list and how its download went. */
export type Fetched =
  | { readonly kind: "there"; readonly source: Source; readonly file: Downloaded }
  | { readonly kind: "missing"; readonly source: Source; readonly error: Error };

/** What manifest.json says: where each row came from, under which licence, and what was left out. */
export interface Manifest {
  readonly format: 1;
  readonly created: string;
  readonly splits: BuildSummary["splits"];
  /** Rows that were found usable and left out all the same, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly sources: readonly ManifestSource[];
}

type ManifestSource = Pick<
  Source,
  "name" | "label" | "role" | "address" | "commit" | "date" | "licence" | "commercialUse"
> & {
  readonly notes?: string;
  readonly download: {
    readonly bytes: number;
    readonly sha256: string;
    readonly date: string;
  } | null;
  readonly missing?: string;
  readonly found: number;
  readonly usable: number;
  readonly dropped: Readonly<Record<string, number>>;
};

/** The manifest of a run. Only `created` and the dates of the downloads differ between equal runs. */
export function buildManifest(
  fetched: readonly Fetched[],
  summary: BuildSummary,
  created: string,
): Manifest {
  return {
    format: 1,
    created,
    splits: summary.splits,
    dropped: sortedRecord(summary.dropped),
    sources: fetched.map((one) => describeSource(one, summary)),
  };
}

function describeSource(one: Fetched, summary: BuildSummary): ManifestSource {
  const { name, label, role, address, commit, date, licence, commercialUse, notes } = one.source;
  const counts = summary.collected.get(name);
  return {
    ...{ name, label, role, address, commit, date, licence, commercialUse },
    ...(notes !== undefined && { notes }),
    download:
      one.kind === "there"
        ? { bytes: one.file.bytes, sha256: one.file.sha256, date: one.file.date }
        : null,
    ...(one.kind === "missing" && { missing: one.error.message }),
    found: counts?.found ?? 0,
    usable: counts?.usable ?? 0,
    dropped: sortedRecord(counts?.dropped ?? new Map()),
  };
}

function sortedRecord(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
