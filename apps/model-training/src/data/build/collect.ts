import { createReadStream } from "node:fs";
import { canonicalise } from "@hookline/lib-ml";
import { clean, type DropReason } from "../clean/clean.ts";
import { readTar } from "../download/tar.ts";
import { gunzip } from "../download/unpack.ts";
import { failure, TrainingError } from "../errors.ts";
import type { Found } from "../extract/csv.ts";
import { extract } from "../extract/extract.ts";
import { limitsOf, type Source } from "../source.ts";
import { decode } from "../text.ts";
import type { Candidate } from "./row.ts";

/** What was found in one source. */
export interface Collected {
  found: number;
  usable: number;
  readonly dropped: Map<DropReason | "file not readable", number>;
}

/**
 * Hands on every usable row of a downloaded source. Throws a TrainingError when there is not one, which
 * means that the source has another form than its entry says.
 */
export async function collect(
  source: Source,
  path: string,
  onRow: (row: Candidate) => void,
  signal: AbortSignal,
): Promise<Collected> {
  const counts: Collected = { found: 0, usable: 0, dropped: new Map() };
  const drop = (why: DropReason | "file not readable") =>
    counts.dropped.set(why, (counts.dropped.get(why) ?? 0) + 1);
  const unreadable = () => drop("file not readable");
  for await (const found of named(source, path, readSource(source, path, signal, unreadable))) {
    counts.found += 1;
    const result = clean(found.url, source);
    const key = result.kind === "kept" ? canonicalise(result.cleaned.url)?.text : undefined;
    if (result.kind === "dropped") drop(result.why);
    else if (key === undefined) drop("not an address");
    else {
      counts.usable += 1;
      onRow({
        label: found.label ?? (source.label === "phishing" ? 1 : 0),
        source: source.name,
        heldOut: source.role === "holdout",
        url: result.cleaned.url,
        key,
      });
    }
  }
  if (counts.usable > 0) return counts;
  const state = `no address in it (${counts.found} looked at)`;
  throw failure("DATA_UNUSABLE", `Cannot use source "${source.name}": ${state}${getAgain(path)}`);
}

/** The registrable names of a top-sites source, which is a list of domains. */
export async function collectTopSites(
  source: Source,
  path: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  await collect(source, path, (row) => names.add(row.url), signal);
  return names;
}

/** A download that is whole is not asked for again, even if it is a page that says to log in. */
function getAgain(path: string): string {
  return ` (remove "${path}" to get it again)`;
}

/** Says of which source a file is that cannot be read, and how it would be downloaded again. */
async function* named(
  source: Source,
  path: string,
  found: AsyncIterable<Found>,
): AsyncGenerator<Found> {
  try {
    yield* found;
  } catch (cause) {
    if (!(cause instanceof TrainingError) || cause.code !== "DATA_UNREADABLE") throw cause;
    const message = `Cannot use source "${source.name}": ${cause.message}${getAgain(path)}`;
    throw failure(cause.code, message, cause);
  }
}

async function* readSource(
  source: Source,
  path: string,
  signal: AbortSignal,
  onUnreadable: () => void,
): AsyncGenerator<Found> {
  const bytes = createReadStream(path, { signal });
  if (source.files === undefined) {
    yield* extract(decode(bytes), source.extract);
    return;
  }
  const wanted = new Bun.Glob(source.files);
  const { maxUnpackedBytes } = limitsOf(source);
  for await (const entry of readTar(
    gunzip(bytes, { name: source.name, maxBytes: maxUnpackedBytes }),
  )) {
    // The top folder is <repository>-<commit>.
    if (!wanted.match(entry.path.slice(entry.path.indexOf("/") + 1))) continue;
    try {
      yield* extract(decode(entry.bytes), source.extract);
    } catch (cause) {
      // One broken file of many; an archive that is broken itself is told by readTar's next step.
      if (!(cause instanceof TrainingError) || cause.code !== "DATA_UNREADABLE") throw cause;
      onUnreadable();
    }
  }
}
