import type { CanonicalUrl } from "./canonicalise.ts";
import { type Collector, LEXICAL, URL_WIDE } from "./collector.ts";
import type { HostParts } from "./domain.ts";

const BUCKETS = 16;
// Each group has its own 16 rows of the reserved ones, in this order.
export const GROUPS = [
  "host length",
  "host digits",
  "host hyphens",
  "host dots",
  "site length",
  "site vowel share",
  "path length",
  "path depth",
  "query length",
  "query parameters",
  "path digits",
  "flags",
  "url length",
] as const;

/** Name of a lexical row, such as `host length 5`; `undefined` for a row that is none. */
export function nameLexical(row: number): string | undefined {
  const group = GROUPS[Math.floor(row / BUCKETS)];
  return group === undefined ? undefined : `${group} ${row % BUCKETS}`;
}

function log2Bucket(n: number): number {
  return Math.min(Math.round(2 * Math.log2(n + 1)), BUCKETS - 1);
}

function add(out: Collector, group: number, bucket: number): void {
  out.add(group * BUCKETS + Math.min(bucket, BUCKETS - 1), URL_WIDE, LEXICAL, 0, 0);
}

function countBetween(text: string, low: number, high: number): number {
  let n = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= low && code <= high) n += 1;
  }
  return n;
}

function vowelShare(text: string): number {
  let vowels = 0;
  let letters = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x61 || code > 0x7a) continue;
    letters += 1;
    if (code === 0x61 || code === 0x65 || code === 0x69 || code === 0x6f || code === 0x75)
      vowels += 1;
  }
  return letters === 0 ? 15 : Math.round((14 * vowels) / letters);
}

/** One-hot measures of the whole URL, and what canonicalising dropped. */
export function addLexical(out: Collector, url: CanonicalUrl, parts: HostParts): void {
  const { host, path, query, flags } = url;
  const site = host.slice(parts.site, Math.max(parts.suffix - 1, parts.site));
  add(out, 0, log2Bucket(host.length));
  add(out, 1, countBetween(host, 0x30, 0x39));
  add(out, 2, countBetween(host, 0x2d, 0x2d));
  add(out, 3, countBetween(host, 0x2e, 0x2e));
  add(out, 4, log2Bucket(site.length));
  add(out, 5, vowelShare(site));
  add(out, 6, log2Bucket(path.length));
  add(out, 7, countBetween(path, 0x2f, 0x2f));
  add(out, 8, log2Bucket(query.length));
  add(out, 9, query === "" ? 0 : countBetween(query, 0x26, 0x26) + 1);
  add(out, 10, log2Bucket(countBetween(path, 0x30, 0x39)));
  if (flags.port) add(out, 11, 0);
  if (flags.punycode) add(out, 11, 1);
  if (flags.ipHost) add(out, 11, 2);
  if (flags.oddIp) add(out, 11, 3);
  if (parts.hosted) add(out, 11, 4);
  add(out, 12, log2Bucket(url.text.length));
}
