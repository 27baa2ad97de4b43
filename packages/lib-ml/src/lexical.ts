import type { CanonicalUrl } from "./canonicalise.ts";
import { type Collector, LEXICAL, URL_WIDE } from "./collector.ts";
import type { HostParts } from "./domain.ts";
import { BUCKETS, bucketOf, countBetween, measureLabel, measurePath } from "./measures.ts";
import { ROWS_PER_EMBEDDING } from "./table.ts";

// Each group has 16 values, each with its own reserved row, in this order.
const GROUPS = [
  "host length",
  "host digits",
  "host hyphens",
  "host dots",
  "site length",
  "site vowel share",
  "letter–digit changes",
  "site consonant run",
  "site entropy",
  "subdomain length",
  "site digit run",
  "longest word",
  "site digits",
  "site hyphens",
  "suffix inside",
  "digit at an end",
  "path length",
  "path depth",
  "query length",
  "query parameters",
  "path digits",
  "path capitals",
  "path escapes",
  "path @",
  "flag",
  "depth",
  "path trait",
  "url length",
] as const;
// Every name of GROUPS is a key, which fromEntries() cannot say.
const GROUP = Object.fromEntries(GROUPS.map((name, at) => [name, at])) as Readonly<
  Record<(typeof GROUPS)[number], number>
>;
const INNER_SUFFIX = /(?:^|[-.])(?:com|net|org|co|gov)(?:[-.]|$)/;
const LONG_HEX = 16;
const LONG_CODE = 24;

/** Name of a lexical row, such as `host length 5`; `undefined` for a row that is none. */
export function nameLexical(row: number): string | undefined {
  const measure = row / ROWS_PER_EMBEDDING;
  const group = GROUPS[Math.floor(measure / BUCKETS)];
  return group === undefined ? undefined : `${group} ${measure % BUCKETS}`;
}

function add(out: Collector, group: keyof typeof GROUP, value: number): void {
  const measure = GROUP[group] * BUCKETS + Math.min(value, BUCKETS - 1);
  out.add(measure * ROWS_PER_EMBEDDING, URL_WIDE, LEXICAL, 0, 0);
}

/** One-hot measures of the whole URL, and what canonicalising dropped. */
export function addLexical(out: Collector, url: CanonicalUrl, parts: HostParts): void {
  addHost(out, url.host);
  addSite(out, url.host, parts);
  addPath(out, url.path);
  const { query, flags } = url;
  add(out, "query length", bucketOf(query.length));
  add(out, "query parameters", query === "" ? 0 : countBetween(query, 0x26, 0x26) + 1);
  add(out, "depth", depthOf(url));
  add(out, "url length", bucketOf(url.text.length));
  if (query.includes("@")) add(out, "path trait", 3);
  if (flags.port) add(out, "flag", 0);
  if (flags.punycode) add(out, "flag", 1);
  if (flags.ipHost) add(out, "flag", 2);
  if (flags.oddIp) add(out, "flag", 3);
  if (parts.hosted) add(out, "flag", 4);
}

/** 0 for a bare host, 1 with a path, 2 with a query. */
export function depthOf({ path, query }: CanonicalUrl): number {
  if (query !== "") return 2;
  return path === "" ? 0 : 1;
}

function addHost(out: Collector, host: string): void {
  let changes = 0;
  let word = 0;
  let longest = 0;
  let before = 0;
  let digits = 0;
  let hyphens = 0;
  let dots = 0;
  for (let i = 0; i < host.length; i += 1) {
    const code = host.charCodeAt(i);
    const sort = code >= 0x61 ? 2 : code >= 0x30 && code <= 0x39 ? 1 : 0;
    if (sort === 1) digits += 1;
    else if (code === 0x2d) hyphens += 1;
    else if (code === 0x2e) dots += 1;
    word = sort === 0 ? 0 : word + 1;
    if (word > longest) longest = word;
    if (sort !== 0 && before !== 0 && sort !== before) changes += 1;
    before = sort;
  }
  add(out, "host length", bucketOf(host.length));
  add(out, "host digits", digits);
  add(out, "host hyphens", hyphens);
  add(out, "host dots", dots);
  add(out, "letter–digit changes", changes);
  add(out, "longest word", bucketOf(longest));
}

function addSite(out: Collector, host: string, { site, suffix }: HostParts): void {
  const end = Math.max(suffix - 1, site);
  const label = measureLabel(host, site, end);
  const vowelShare = label.letters === 0 ? 15 : Math.round((14 * label.vowels) / label.letters);
  const inside =
    (site > 0 && INNER_SUFFIX.test(host.slice(0, site - 1))) || endsInSuffix(host, site, end);
  add(out, "site length", (end - site) >> 1);
  add(out, "site vowel share", vowelShare);
  add(out, "site consonant run", label.consonants);
  add(out, "site entropy", Math.round(label.entropy * 3.5));
  add(out, "subdomain length", bucketOf(Math.max(0, site - 1)));
  add(out, "site digit run", label.digitRun);
  add(out, "site digits", label.digits);
  add(out, "site hyphens", label.hyphens);
  add(out, "suffix inside", inside ? 1 : 0);
  add(out, "digit at an end", isDigit(host, site, end) ? 1 : isDigit(host, end - 1, end) ? 2 : 0);
}

/** Whether the units `[from, to)` end in a suffix as text: `paypalcom`. */
function endsInSuffix(host: string, from: number, to: number): boolean {
  return (
    to - from >= 3 &&
    (host.endsWith("com", to) || host.endsWith("net", to) || host.endsWith("org", to))
  );
}

function isDigit(host: string, at: number, end: number): boolean {
  const code = at >= 0 && at < end ? host.charCodeAt(at) : 0;
  return code >= 0x30 && code <= 0x39;
}

function addPath(out: Collector, path: string): void {
  const measures = measurePath(path);
  add(out, "path length", bucketOf(path.length));
  add(out, "path depth", measures.slashes);
  add(out, "path digits", bucketOf(measures.digits));
  add(out, "path capitals", bucketOf(measures.capitals));
  add(out, "path escapes", measures.escapes);
  add(out, "path @", measures.ats);
  if (measures.empty) add(out, "path trait", 1);
  if (measures.hidden) add(out, "path trait", 2);
  if (measures.dots > 0) add(out, "path trait", 4);
  if (measures.camel) add(out, "path trait", 5);
  if (measures.hexRun >= LONG_HEX) add(out, "path trait", 6);
  if (measures.codeRun >= LONG_CODE) add(out, "path trait", 7);
}
