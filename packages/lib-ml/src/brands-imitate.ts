import type { Imitation } from "./brands.ts";
import { EMBEDDED, JOINED, TOKENS, WHOLE } from "./brands-filter.ts";
import { foldLooks } from "./brands-fold.ts";
import { type BrandIndex, findNear, type Keyword } from "./brands-index.ts";
import { isAllBait, isBait } from "./brands-words.ts";
import type { CanonicalUrl } from "./canonicalise.ts";
import type { HostParts } from "./domain.ts";

/** One way in which a host imitates a name, and the piece of the host that does. */
export interface Found {
  readonly keyword: Keyword;
  readonly how: Imitation;
  readonly part: string;
}

interface Name {
  readonly host: string;
  /** The registered label: `paypal-login` of `www.paypal-login.example`. */
  readonly label: string;
  readonly suffix: string;
  /** The labels before it, from the left. */
  readonly before: readonly string[];
  /** The suffix is a hosting company's. */
  readonly hosted: boolean;
  readonly punycode: boolean;
}

/** Shorter names are one slip away from too many others (`ups`, `ubs`). */
const SHORTEST_EDIT = 5;
/** A common word is one slip away from other common words (`chase`, `phase`). */
const SHORTEST_COMMON_EDIT = 6;
/** Shorter names turn up inside words (`x` in `index`). */
const SHORTEST_JOINED = 3;
/** Shorter names are too easily folded to (`aoi` and `aol`). */
const SHORTEST_FOLD = 5;
const SHORTEST_DIGIT_FOLD = 4;

/** The plainest of the ways in which the host imitates a name of the index. */
export function findImitation(
  url: CanonicalUrl,
  { site, suffix, hosted }: HostParts,
  index: BrandIndex,
): Found | undefined {
  const ways = index.filter.check(url.host, site, Math.max(site, suffix - 1));
  if (ways === 0) return undefined;
  const name: Name = {
    host: url.host,
    label: url.host.slice(site, Math.max(site, suffix - 1)),
    suffix: url.host.slice(suffix),
    before: site === 0 ? [] : url.host.slice(0, site - 1).split("."),
    hosted,
    punycode: url.flags.punycode,
  };
  return listImitations(name, index, ways).next().value;
}

function* listImitations(name: Name, index: BrandIndex, ways: number): Generator<Found, undefined> {
  if ((ways & WHOLE) !== 0) yield* findWhole(name, index);
  if ((ways & EMBEDDED) !== 0) yield* findEmbeddedDomain(name, index);
  if ((ways & TOKENS) !== 0) yield* findTokens(name, index);
  if ((ways & JOINED) !== 0) yield* findJoined(name, index);
  return undefined;
}

/** The registered label as a whole is the name, looks like it, or is one slip away. */
function* findWhole(name: Name, index: BrandIndex): Generator<Found> {
  const { label } = name;
  const same = index.exact.get(label);
  if (same !== undefined) {
    if (name.punycode) yield { keyword: same, how: "homoglyph", part: label };
    if (isForeignSuffix(name, same)) yield { keyword: same, how: "suffix", part: name.host };
    return;
  }
  const lookalike = findFolded(label, index);
  if (lookalike !== undefined) yield { keyword: lookalike, how: "homoglyph", part: label };
  const near = findSlip(label, index);
  if (near !== undefined) yield { keyword: near, how: "edit", part: label };
}

/** `paypal.com.example.net`, `paypal.com-login.net`: a brand's domain stands before the real one. */
function* findEmbeddedDomain(name: Name, index: BrandIndex): Generator<Found> {
  const labels = [...name.before, name.label];
  for (const [at, first] of labels.slice(0, -1).entries()) {
    for (const { labels: wanted, keyword } of index.domains.get(foldLooks(first)) ?? []) {
      const next = labels.slice(at + 1, at + 1 + wanted.length);
      const matches = wanted.every((text, place) => {
        const isLast = place === wanted.length - 1;
        return next[place] === text || (isLast && next[place]?.startsWith(`${text}-`) === true);
      });
      if (matches) yield { keyword, how: "subdomain", part: [first, ...next].join(".") };
    }
  }
}

/** A name between hyphens or as a label of its own: `paypal-login.net`, `secure.paypa1.shop.net`. */
function* findTokens(name: Name, index: BrandIndex): Generator<Found> {
  const pieces = [...name.before, name.label].map((label) =>
    index.exact.has(label) ? [label] : label.split(/[-_]+/).filter(Boolean),
  );
  const tokens = pieces.flat();
  for (const [at, piece] of pieces.entries()) {
    const how = at === pieces.length - 1 ? "combination" : "subdomain";
    if (piece.length === 1 && how === "combination" && index.exact.has(name.label)) continue;
    for (const token of piece) {
      const bare = token.replace(/^\d+|\d+$/g, "");
      const others = tokens.filter((other) => other !== token);
      const keyword = index.exact.get(token) ?? index.exact.get(bare);
      const isImitated =
        keyword !== undefined &&
        (isBaited(keyword, others, piece.length > 1) ||
          isNumbered(keyword, token, name.label) ||
          isDomainOf(keyword, piece.slice(piece.indexOf(token) + 1), index));
      if (isImitated) yield { keyword, how, part: token };
      if (keyword !== undefined || (piece.length === 1 && how === "combination")) continue;
      const lookalike = findFolded(token, index);
      if (lookalike !== undefined) yield { keyword: lookalike, how: "homoglyph", part: token };
      if (!others.some((other) => isBait(other, true))) continue;
      const near = findSlip(token, index);
      if (near !== undefined) yield { keyword: near, how: "edit", part: token };
    }
  }
}

/** Endings that are no words of a language (as `app`, `me` and `org` are, or nearly). */
const COMMERCIAL = /^com?(?:\.[a-z]{2})?$/;

/** The name and bait words written as one: `paypallogin`, `securepaypal`. */
function* findJoined({ label, before }: Name, index: BrandIndex): Generator<Found> {
  for (const [at, text] of [label, ...before].entries()) {
    const plain = text.replaceAll(/[-_]/g, "");
    const spelt = index.joined.get(plain);
    if (spelt !== undefined && spelt.text !== text && plain !== text && !isShy(spelt)) {
      yield { keyword: spelt, how: "homoglyph", part: text };
    }
    if (!index.heads.has(plain.slice(0, 3)) && !index.tails.has(plain.slice(-3))) continue;
    for (const length of index.lengths) {
      if (length < SHORTEST_JOINED || length >= plain.length) continue;
      for (const cut of [0, plain.length - length]) {
        const keyword = index.joined.get(plain.slice(cut, cut + length));
        const rest = cut === 0 ? plain.slice(length) : plain.slice(0, cut);
        // `wwwchase.net`: nobody registers a name of their own so.
        const isAddress = at === 0 && cut > 0 && rest === "www";
        if (keyword === undefined || !(isAddress || isAllBait(rest, isShy(keyword)))) continue;
        yield { keyword, how: at === 0 ? "combination" : "subdomain", part: text };
      }
    }
  }
}

/** A name that needs strong bait beside it: a common word, or so short that it turns up by chance. */
function isShy({ brand, text }: Keyword): boolean {
  return brand.commonWord === true || text.length < SHORTEST_EDIT;
}

function isBaited(keyword: Keyword, others: readonly string[], together: boolean): boolean {
  if (isShy(keyword)) return others.some((other) => isBait(other, true));
  return together || others.some((other) => isBait(other, false));
}

/** `paypal24.net`: a name of its own would not end, or begin, as another's does. */
function isNumbered(keyword: Keyword, token: string, label: string): boolean {
  return token === label && token !== keyword.text && !isShy(keyword);
}

/** `secure-chase-com.example.net`: the brand's domain with hyphens for dots. */
function isDomainOf({ text }: Keyword, after: readonly string[], index: BrandIndex): boolean {
  const tails = index.domains.get(foldLooks(text)) ?? [];
  return tails.some(
    ({ labels, keyword }) =>
      keyword.text === text &&
      COMMERCIAL.test(labels.join(".")) &&
      labels.every((label, at) => after[at] === label),
  );
}

function findFolded(text: string, index: BrandIndex): Keyword | undefined {
  const keyword = index.folded.get(foldLooks(text));
  if (keyword === undefined || keyword.text === text || isOther(keyword, text)) return undefined;
  const least = /\d/.test(text) && !/\d/.test(keyword.text) ? SHORTEST_DIGIT_FOLD : SHORTEST_FOLD;
  return keyword.text.length >= least ? keyword : undefined;
}

function findSlip(text: string, index: BrandIndex): Keyword | undefined {
  if (text.length < SHORTEST_EDIT) return undefined;
  const keyword = findNear(index, text);
  if (keyword === undefined || isOther(keyword, text)) return undefined;
  if (keyword.text.length < SHORTEST_EDIT) return undefined;
  if (keyword.brand.commonWord !== true) return keyword;
  return keyword.text.length >= SHORTEST_COMMON_EDIT || isStutter(text, keyword.text)
    ? keyword
    : undefined;
}

/** A letter written twice (`aapple`): words of a language rarely differ so. */
function isStutter(text: string, name: string): boolean {
  if (text.length !== name.length + 1) return false;
  const at = [...text].findIndex((letter, place) => letter !== name[place]);
  return text[at] === text[at - 1];
}

function isOther({ brand }: Keyword, text: string): boolean {
  return brand.notLookalikes?.includes(text) === true;
}

/** Top-level domains that are cheap and much abused; on others a brand's name is often its own. */
const CHEAP_SUFFIXES = new Set(
  `bar bond boutique buzz cam cfd christmas click club cyou fit fun gdn help homes host icu ink life
  link live loan lol mom monster one online pics pro quest rest sbs shop site skin space store support
  surf today top vip wang webcam website win work world xin xyz yachts zip`.split(/\s+/),
);

/** Hosting on which names are given to their owners, or are parts of the host's own service. */
const TRUSTED_HOSTING = /(?:^|\.)(?:git(?:hub|lab)\.io|js\.org|googleapis\.com|freedesktop\.org)$/;

/** Whether the name under this suffix is likely someone else's: free hosting, cheap domains. */
function isForeignSuffix({ suffix, hosted }: Name, keyword: Keyword): boolean {
  if (isShy(keyword)) return false;
  return hosted ? !TRUSTED_HOSTING.test(suffix) : CHEAP_SUFFIXES.has(suffix);
}
