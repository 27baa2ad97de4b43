// Which kinds of URL a row belongs to. A model that is right on the whole can be wrong on a kind.
import { type CanonicalUrl, canonicalise, isShortener } from "@hookline/lib-ml";
import { parse } from "tldts";
import { isOnPlatform } from "./site.ts";

/** What the frozen threshold does on the rows of one slice, each class with its number of rows. */
export interface SliceFigures {
  readonly name: string;
  readonly legitimate: Count;
  readonly phishing: Count;
}

export interface Count {
  readonly rows: number;
  /** Rows called phishing: false alarms among legitimate rows, finds among phishing rows. */
  readonly flagged: number;
}

const LOGIN = /\b(?:log-?[io]n|sign-?in|sign-?up|account|auth|verify|password|secure|webmail)/i;

const LENGTHS = [20, 40, 80, 160] as const;

interface Slice {
  readonly name: string;
  readonly has: (url: CanonicalUrl, suffix: Suffix) => boolean;
}

interface Suffix {
  readonly tld: string;
  readonly hosting: boolean;
}

const SLICES: readonly Slice[] = [
  ...["com", "org", "net", "io", "cn", "ru", "dev", "app"].map(
    (tld): Slice => ({ name: `.${tld}`, has: (_, suffix) => suffix.tld === tld }),
  ),
  {
    name: "other country TLD",
    has: (_, { tld }) => /^[a-z]{2}$/.test(tld) && !["io", "cn", "ru"].includes(tld),
  },
  {
    name: "other generic TLD",
    has: (_, { tld }) => tld.length > 2 && !["com", "org", "net", "dev", "app"].includes(tld),
  },
  ...[0, ...LENGTHS].map((above, at): Slice => {
    const most = LENGTHS[at] ?? Number.POSITIVE_INFINITY;
    const name = at === LENGTHS.length ? `length > ${above}` : `length ${above + 1}–${most}`;
    return { name, has: ({ text }) => text.length > above && text.length <= most };
  }),
  { name: "IP address as host", has: ({ flags }) => flags.ipHost },
  { name: "punycode host", has: ({ flags }) => flags.punycode },
  { name: "link shortener", has: ({ host }) => isShortener(host) },
  { name: "free hosting", has: (_, suffix) => suffix.hosting },
  { name: "login or account path", has: ({ path, query }) => LOGIN.test(`${path}?${query}`) },
  { name: "home page", has: ({ path, query }) => path === "" && query === "" },
  { name: "path, no query", has: ({ path, query }) => path !== "" && query === "" },
  { name: "query", has: ({ query }) => query !== "" },
];

/** The names of the slices in the order of the card. */
export const SLICE_NAMES: readonly string[] = SLICES.map((slice) => slice.name);

/** The slices that a URL is in; a URL can be in many. Text that is no URL is in none. */
export function listSlices(url: string): readonly string[] {
  const canonical = canonicalise(url);
  if (canonical === undefined) return [];
  const parsed = parse(canonical.host, { allowPrivateDomains: true });
  const suffix = {
    tld: parsed.publicSuffix?.split(".").at(-1) ?? "",
    // The platform's own site ("github.io") has no domain under its suffix; it is not a customer.
    hosting: (parsed.isPrivate === true && parsed.domain !== null) || isOnPlatform(canonical.host),
  };
  return SLICES.filter((slice) => slice.has(canonical, suffix)).map((slice) => slice.name);
}

export interface SliceInput {
  readonly label: 0 | 1;
  readonly names: readonly string[];
  readonly flagged: boolean;
}

/** Counts rows by name (of slice, or of source), in the order of `order`, then of first sight. */
export function countByName(
  rows: Iterable<SliceInput>,
  order: readonly string[] = [],
): readonly SliceFigures[] {
  const empty = () => ({ legitimate: { rows: 0, flagged: 0 }, phishing: { rows: 0, flagged: 0 } });
  const counts = new Map(order.map((name) => [name, empty()]));
  for (const row of rows) {
    for (const name of row.names) {
      const entry = counts.get(name) ?? empty();
      counts.set(name, entry);
      const count = row.label === 1 ? entry.phishing : entry.legitimate;
      count.rows += 1;
      if (row.flagged) count.flagged += 1;
    }
  }
  return [...counts].map(([name, entry]) => ({ name, ...entry }));
}
