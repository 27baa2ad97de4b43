import { type Collector, HOST, hashText, mix, PATH, QUERY, seedOf } from "./collector.ts";
import type { HostParts } from "./domain.ts";
import { bucketOf, countBetween } from "./measures.ts";

const SUFFIX = seedOf(31);
const DOMAIN = seedOf(32);
const SITE = seedOf(33);
const SUBDOMAINS = seedOf(34);
const EXTENSION = seedOf(36);
const FIRST = seedOf(37);
const LAST = seedOf(38);
const PARAMETER = seedOf(40);
const MOST_PARAMETERS = 32;
const MOST_EXTENSION = 8;
const MOST_NAME = 253;

/** What the parts of a host name are called, and how the registered label is made under its suffix. */
export function addHostNames(out: Collector, host: string, parts: HostParts, depth: number): void {
  const { site, suffix } = parts;
  const end = host.length;
  const under = hashText(SUFFIX, host, suffix, end);
  out.addHash(under, HOST, suffix, end);
  out.addHash(hashText(DOMAIN, host, site, end), HOST, site, end);
  if (suffix > 0) out.addHash(hashText(SITE, host, site, suffix - 1), HOST, site, suffix - 1);
  if (site > 0) out.addHash(hashText(SUBDOMAINS, host, 0, site - 1), HOST, 0, site - 1);
  // What is usual differs from one suffix to the next: pages or bare names, lengths, digits, hyphens.
  const digits = Math.min(countBetween(host, 0x30, 0x39, suffix), 5);
  const hyphens = Math.min(countBetween(host, 0x2d, 0x2d, suffix), 4);
  out.addHash(mix(mix(under, depth), 123), HOST, suffix, end);
  out.addHash(mix(mix(under, bucketOf(suffix - site)), 124), HOST, suffix, end);
  out.addHash(mix(mix(under, digits), 125), HOST, suffix, end);
  out.addHash(mix(mix(under, hyphens), 126), HOST, suffix, end);
}

/** The first and the last name of a path, and the last one's extension. */
export function addPathNames(out: Collector, path: string): void {
  if (path === "") return;
  const second = path.indexOf("/", 1);
  const firstEnd = Math.min(second === -1 ? path.length : second, MOST_NAME);
  out.addHash(hashText(FIRST, path, 0, firstEnd), PATH, 0, firstEnd);
  const last = path.lastIndexOf("/");
  const lastEnd = Math.min(path.length, last + MOST_NAME);
  out.addHash(hashText(LAST, path, last, lastEnd), PATH, last, lastEnd);
  const dot = path.lastIndexOf(".");
  const from = dot > last ? dot + 1 : path.length;
  const to = Math.min(path.length, from + MOST_EXTENSION);
  out.addHash(hashText(EXTENSION, path, from, to), PATH, from, to);
}

/** The names of a query's parameters. */
export function addParameterNames(out: Collector, query: string): void {
  let from = 0;
  for (let n = 0; n < MOST_PARAMETERS && from < query.length; n += 1) {
    const and = query.indexOf("&", from);
    const end = and === -1 ? query.length : and;
    const to = findEquals(query, from, end);
    out.addHash(hashText(PARAMETER, query, from, to), QUERY, from, to);
    from = end + 1;
  }
}

function findEquals(query: string, from: number, end: number): number {
  for (let i = from; i < end; i += 1) if (query.charCodeAt(i) === 0x3d) return i;
  return end;
}
