import type { Brand } from "./brands.ts";
import { isOneSlipAway, listDeletions } from "./brands-distance.ts";
import { BrandFilter } from "./brands-filter.ts";
import { foldLooks } from "./brands-fold.ts";
import { splitHost } from "./domain.ts";

/** A name to look for, and whose it is. */
export interface Keyword {
  readonly text: string;
  readonly brand: Brand;
}

/** What follows the first label of a brand's domain: `com` of `paypal.com`. */
export interface DomainTail {
  readonly labels: readonly string[];
  readonly keyword: Keyword;
}

/** A list of brands, arranged for looking up one host at a time. */
export interface BrandIndex {
  /** Tells which hosts need no look at the rest. */
  readonly filter: BrandFilter;
  /** The brand of each registrable domain. */
  readonly owners: ReadonlyMap<string, Brand>;
  /** The brand of each public suffix that is one's alone. */
  readonly registries: ReadonlyMap<string, Brand>;
  /** Domains that are neither verified nor look-alikes. */
  readonly spared: ReadonlySet<string>;
  readonly exact: ReadonlyMap<string, Keyword>;
  /** The same without hyphens: `tmobile`. */
  readonly joined: ReadonlyMap<string, Keyword>;
  readonly folded: ReadonlyMap<string, Keyword>;
  /** Names and names less a letter, to find what is one slip away. */
  readonly near: ReadonlyMap<string, readonly Keyword[]>;
  /** The domains by what their first label folds to, each as the labels behind that one. */
  readonly domains: ReadonlyMap<string, readonly DomainTail[]>;
  /** How names begin and end (two and three letters): most texts are told apart by these alone. */
  readonly heads: ReadonlySet<string>;
  readonly tails: ReadonlySet<string>;
  /** The lengths that names have, the longest first. */
  readonly lengths: readonly number[];
}

/** Arranges a list of brands. The first brand to claim a domain or a name keeps it. */
export function buildIndex(brands: readonly Brand[]): BrandIndex {
  const owners = new Map<string, Brand>();
  const registries = new Map(
    brands.flatMap((brand) =>
      (brand.registries ?? []).map((suffix): [string, Brand] => [suffix, brand]),
    ),
  );
  const exact = new Map<string, Keyword>();
  for (const brand of brands) {
    for (const domain of brand.domains) if (!owners.has(domain)) owners.set(domain, brand);
    const isNamed = brand.domainsOnly !== true && brand.signInOnly !== true;
    const first = !isNamed ? [] : brand.domains.slice(0, 1).map(nameOf);
    for (const text of [...first, ...(brand.alsoKnownAs ?? [])]) {
      if (!exact.has(text)) exact.set(text, { text, brand });
    }
  }
  const spared = new Set(
    brands.flatMap(({ notLookalikes = [] }) => notLookalikes.filter((name) => name.includes("."))),
  );
  const domains = new Map<string, DomainTail[]>();
  for (const [domain, brand] of owners) {
    if (brand.signInOnly === true) continue;
    const [first = "", ...labels] = domain.split(".");
    const folded = foldLooks(first);
    const tail = { labels, keyword: { text: first, brand } };
    domains.set(folded, [...(domains.get(folded) ?? []), tail]);
  }
  let near: ReadonlyMap<string, readonly Keyword[]> | undefined;
  const joined = new Map([...exact].map(([text, keyword]) => [text.replaceAll("-", ""), keyword]));
  const folded = new Map([...exact.values()].map((keyword) => [foldLooks(keyword.text), keyword]));
  const lengths = [...new Set([...joined.keys()].map((text) => text.length))].sort((a, b) => b - a);
  const pieces = (cut: (text: string) => readonly string[]) =>
    new Set([...exact.keys(), ...joined.keys()].flatMap(cut));
  return {
    filter: new BrandFilter({
      exact: exact.keys(),
      joined: joined.keys(),
      domains: domains.keys(),
      owned: [...owners.keys(), ...registries.keys()],
    }),
    owners,
    registries,
    spared,
    exact,
    joined,
    folded,
    // Half of the work, and most hosts never ask for it.
    get near() {
      near ??= buildNear(exact.values());
      return near;
    },
    domains,
    heads: pieces((text) => [text.slice(0, 2), text.slice(0, 3)]),
    tails: pieces((text) => [text.slice(-2), text.slice(-3)]),
    lengths,
  };
}

function buildNear(keywords: Iterable<Keyword>): ReadonlyMap<string, readonly Keyword[]> {
  const near = new Map<string, Keyword[]>();
  for (const keyword of keywords) {
    for (const text of new Set([keyword.text, ...listDeletions(keyword.text)])) {
      const known = near.get(text);
      if (known === undefined) near.set(text, [keyword]);
      else known.push(keyword);
    }
  }
  return near;
}

function nameOf(domain: string): string {
  const { site, suffix } = splitHost(domain);
  return domain.slice(site, suffix - 1);
}

/** The name that the text is one slip away from (not the name itself), if any. */
export function findNear(index: BrandIndex, text: string): Keyword | undefined {
  // One slip leaves the first or the last letters as they are: two of five or six, three of more.
  const kept = text.length < 7 ? 2 : 3;
  if (!index.heads.has(text.slice(0, kept)) && !index.tails.has(text.slice(-kept)))
    return undefined;
  for (const candidate of [text, ...listDeletions(text)]) {
    for (const keyword of index.near.get(candidate) ?? []) {
      if (keyword.text !== text && isOneSlipAway(keyword.text, text)) return keyword;
    }
  }
  return undefined;
}
