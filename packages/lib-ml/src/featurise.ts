import { type CanonicalUrl, canonicalise } from "./canonicalise.ts";
import { Collector, KINDS, PATH, QUERY, SEGMENTS, unpackPlace } from "./collector.ts";
import { splitHost } from "./domain.ts";
import { addHostText, addText } from "./grams.ts";
import { addLexical, depthOf, nameLexical } from "./lexical.ts";
import { addHostNames, addParameterNames, addPathNames } from "./names.ts";
import { sourceRange } from "./span.ts";

/** What the model reads of a URL. */
export interface Features {
  /** k ≥ 1 rows of the table, each in `[0, ROWS)`; a row may occur more than once. */
  readonly ids: Int32Array;
  /** Where each of the BAGS ends: bag b is `ids[ends[b − 1], ends[b])`, the first begins at 0, the last ends at k. */
  readonly ends: Int32Array;
  /** 1/√k: what the sum of the rows is multiplied by. */
  readonly scale: number;
}

/** One feature of a URL and where it came from. */
export interface TracedFeature {
  readonly id: number;
  readonly segment: (typeof SEGMENTS)[number];
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  /** UTF-16 offsets into the URL as given; both 0 for a feature of the whole URL. */
  readonly start: number;
  readonly end: number;
}

// Reused: featurising is synchronous, and nothing of it outlives a call.
const collector = new Collector();

function collect(url: CanonicalUrl): Collector {
  const out = collector;
  const { host, path, query } = url;
  out.clear();
  const parts = splitHost(host);
  addHostText(out, host, parts);
  if (!url.flags.ipHost) addHostNames(out, host, parts, depthOf(url));
  out.closeBag();
  addText(out, PATH, path);
  addPathNames(out, path);
  out.closeBag();
  addText(out, QUERY, query);
  addParameterNames(out, query);
  out.closeBag();
  addLexical(out, url, parts);
  out.closeBag();
  return out;
}

/** The rows of a canonical URL, in one pass over its text. */
export function featurise(url: CanonicalUrl): Features {
  const { rows, ends, count } = collect(url);
  return { ids: rows.slice(0, count), ends: ends.slice(), scale: 1 / Math.sqrt(count) };
}

/** The features of a URL as given, in the order of `featurise`, each with its place; none if it is no URL. */
export function traceFeatures(url: string): readonly TracedFeature[] {
  const canonical = canonicalise(url);
  if (canonical === undefined) return [];
  const { rows, places, count } = collect(canonical);
  return Array.from({ length: count }, (_, i) => trace(canonical, rows[i] ?? 0, places[i] ?? 0));
}

function trace(url: CanonicalUrl, id: number, place: number): TracedFeature {
  const { segment, kind, from, to } = unpackPlace(place);
  const name = SEGMENTS[segment] ?? "url";
  const sort = KINDS[kind] ?? "gram";
  if (name === "url")
    return { id, segment: name, kind: sort, name: nameLexical(id) ?? "", start: 0, end: 0 };
  const span = url.spans[name];
  const [start, end] = sourceRange(span, from, to);
  return { id, segment: name, kind: sort, name: span.text.slice(from, to), start, end };
}
