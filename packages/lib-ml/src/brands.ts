// Says of a URL that it is on a brand's own domain, or that its host imitates one. A rule beside the
// model, not part of it: it is right for the brands of its list and silent on all others.

import { findImitation } from "./brands-imitate.ts";
import { type BrandIndex, buildIndex } from "./brands-index.ts";
import type { CanonicalUrl } from "./canonicalise.ts";
import { type HostParts, splitHost } from "./domain.ts";
import { isForwardingPage } from "./forwarders.ts";
import { buildRoughSkeleton } from "./skeleton.ts";

/** A brand with the registrable domains that are its own. */
export interface Brand {
  readonly name: string;
  /** The first one gives the name that is looked for: `paypal` of `paypal.com`. */
  readonly domains: readonly string[];
  /** Public suffixes under which nobody else can register (`bank`, `bnpparibas`): all below them is the brand's, too. */
  readonly registries?: readonly string[];
  /** Other names to look for. */
  readonly alsoKnownAs?: readonly string[];
  /**
   * Hosts (and all names below them) on which anyone can publish pages, forms or files, or paths of them
   * (`paypal.com/invoice`): never called verified.
   */
  readonly userContent?: readonly string[];
  /** The same of those on which anyone can post, or sell, within the brand's own pages: never called verified either. */
  readonly userPosts?: readonly string[];
  /** The name is a common word or very short: it needs more than itself to be an imitation. */
  readonly commonWord?: boolean;
  /** No name is looked for, as it is too short or too common (`ing`, `key`): only the domains are. */
  readonly domainsOnly?: boolean;
  /**
   * Only the sign-in hosts right below the domains (`login.example.edu`) are verified, as many people publish on the others;
   * nothing is taken for a look-alike.
   */
  readonly signInOnly?: boolean;
  /**
   * Names one slip away that are names of their own (`discovery` for `discover`), and whole domains that are said to be the
   * brand's (`paypal-corp.com`) but serve images or mail, or may lapse: neither look-alikes nor verified.
   */
  readonly notLookalikes?: readonly string[];
}

/** How a host imitates a brand. */
export type Imitation = "homoglyph" | "edit" | "combination" | "subdomain" | "suffix" | "user name";

/** What a host is to a listed brand: its own, or a look-alike of it. */
export type BrandFinding =
  | { readonly kind: "verified"; readonly brand: string; readonly domain: string }
  | {
      readonly kind: "lookalike";
      readonly brand: string;
      readonly how: Imitation;
      /** The piece of the canonical host that imitates. */
      readonly part: string;
    };

// Below these each name is a site of its own, not the brand's, and the model tells them apart: of 743
// such rows of val, test and holdout it was wrong on one and unsure of one.
const TENANTED: ReadonlySet<string> = new Set(["wordpress.com"]);

/** No `cas`: it is colleges of arts and sciences, too. */
const SIGN_IN =
  /^(?:login|signin|sso|websso|idp\d?|weblogin|webauth|auth|shib|shibboleth|adfs|saml)$/;

const INDICES = new WeakMap<readonly Brand[], BrandIndex>();

/**
 * Verified: the host is a brand's domain or below it and holds no content of users, and the address has
 * no user name and carries no address of others (a redirect). Look-alike: the host is none of the
 * brands' and imitates one, or a brand's domain is the user name before it. Undefined: neither. The
 * index of a list is built once; hand in the same array.
 */
export function findBrand(url: CanonicalUrl, brands: readonly Brand[]): BrandFinding | undefined {
  const index = indexOf(brands);
  const { host, flags } = url;
  const posed = flags.userinfo ? findPosed(url, index) : undefined;
  if (posed !== undefined) return posed;
  if (flags.ipHost) return undefined;
  const parts = splitHost(host);
  const owner = findOwner(host, parts, index);
  if (owner !== undefined && !flags.punycode && isSpokenFor(host, parts.site, owner)) {
    const domain = host.slice(parts.site);
    const doubtful =
      flags.userinfo ||
      opennessOf(url, owner) !== undefined ||
      carriesAddress(url, { domain, owner }, index);
    return doubtful ? undefined : { kind: "verified", brand: owner.name, domain };
  }
  const found = findImitation(url, parts, index) ?? findMasked(url, index);
  if (found === undefined || (!flags.punycode && isSpared(host, parts.site, index)))
    return undefined;
  const { keyword, how, part } = found;
  return { kind: "lookalike", brand: keyword.brand.name, how, part };
}

/** What others than the brand can publish on its host: what they like, or posts within its own pages. */
export type Openness = "pages" | "posts";

/**
 * What anyone can publish on the host, where it is a listed brand's (`sites.google.com`, `reddit.com`): then it
 * says nothing of who wrote the page. A site of a name of its own (`someone.wordpress.com`) is no such host.
 */
export function findOpenness(url: CanonicalUrl, brands: readonly Brand[]): Openness | undefined {
  const { host, flags } = url;
  if (flags.ipHost || flags.punycode) return undefined;
  const { filter, owners } = indexOf(brands);
  const { site } = splitHost(host);
  if (site > 0 && TENANTED.has(host.slice(site))) return undefined;
  const owner = filter.mayBeOwned(host, site) ? owners.get(host.slice(site)) : undefined;
  return owner === undefined ? undefined : opennessOf(url, owner);
}

/** Whose a registrable domain is, by its name or by its suffix. */
function findOwner(
  host: string,
  { site, suffix }: HostParts,
  { filter, owners, registries }: BrandIndex,
): Brand | undefined {
  const owner = filter.mayBeOwned(host, site) ? owners.get(host.slice(site)) : undefined;
  if (owner !== undefined || suffix <= site || !filter.mayBeOwned(host, suffix)) return owner;
  return registries.get(host.slice(suffix));
}

/** Whether the brand answers for the host. */
function isSpokenFor(host: string, site: number, { signInOnly = false }: Brand): boolean {
  return !signInOnly || (site > 0 && SIGN_IN.test(host.slice(0, site - 1)));
}

/** `amazon.com.be` is a host below a domain of others, and spared itself. */
function isSpared(host: string, site: number, { spared }: BrandIndex): boolean {
  return spared.has(host.slice(site)) || spared.has(host);
}

/** A name in letters that models read as punycode, and people as ASCII (`ɢoogle.com`). */
function findMasked(url: CanonicalUrl, index: BrandIndex) {
  if (!url.flags.punycode || !url.host.includes("xn--")) return undefined;
  const host = url.host.split(".").map(buildRoughSkeleton).join(".");
  return host === url.host ? undefined : findImitation({ ...url, host }, splitHost(host), index);
}

/**
 * `https://paypal.com@example.net`: a brand's domain where a browser takes it for a user name, or for
 * a password, or for a piece of them (`https://user:pass@paypal.com@example.net`).
 */
function findPosed({ user, host }: CanonicalUrl, index: BrandIndex): BrandFinding | undefined {
  const site = index.owners.get(host.slice(splitHost(host).site));
  for (const name of user.toLowerCase().split(/%[0-9a-f]{2}|[^a-z0-9.-]/)) {
    const part = name.slice(0, name.length - countEndDots(name));
    const owner = index.owners.get(part.slice(splitHost(part).site));
    if (owner === undefined || owner === site) continue;
    return { kind: "lookalike", brand: owner.name, how: "user name", part };
  }
  return undefined;
}

function indexOf(brands: readonly Brand[]): BrandIndex {
  const known = INDICES.get(brands);
  if (known !== undefined) return known;
  const index = buildIndex(brands);
  INDICES.set(brands, index);
  return index;
}

type Place = Pick<CanonicalUrl, "host" | "path" | "query">;

function opennessOf(url: Place, { userContent = [], userPosts = [] }: Brand): Openness | undefined {
  if (userContent.some((name) => isBelow(url, name))) return "pages";
  return userPosts.some((name) => isBelow(url, name)) ? "posts" : undefined;
}

/**
 * Whether the address is on the host that is named, or below; and, where a path of it is named, holds that somewhere: behind a
 * language (`/c2/zh-cn/invoice`), or as what it leads on to (`?returnUri=/us/invoice/…`).
 */
function isBelow({ host, path, query }: Place, name: string): boolean {
  const slash = name.indexOf("/");
  const site = slash === -1 ? name : name.slice(0, slash);
  if (host !== site && !host.endsWith(`.${site}`)) return false;
  if (slash === -1) return true;
  // A server may take an escaped slash, and what stands before a semicolon, for a piece of the path.
  const place = unescapeMarks(`${path}?${query}`)
    .toLowerCase()
    .replaceAll(/[\\;?#&]/g, "/");
  return `${place}/`.includes(`${name.slice(slash)}/`);
}

/** A domain and whose it is: of many, where one entry lists many (`signInOnly`). */
interface Owned {
  readonly domain: string;
  readonly owner: Brand;
}

/**
 * `/url?q=https://…`, `/amp/s/…`: what is shown may be someone else's. An address of the brand's own
 * (`?continue=https://mail.google.com`, as sign-in pages have it) is none.
 */
function carriesAddress(url: CanonicalUrl, owned: Owned, index: BrandIndex): boolean {
  const { path, query } = url;
  const text = `${path}?${query}`;
  // A copied page, or an address that is escaped more than once, or tabs and ends of lines, which a browser leaves
  // out (`/%09/example.net`): no sign-in page of a brand has them.
  if (/^\/amp(?:\/|$)/.test(path) || /%25(?:25)*(?:2f|3a)|%0[9ad]/i.test(text)) return true;
  const isOthers = (name: string) => !isOwn(name, owned, index);
  if (owned.owner.signInOnly === true && listBareNames(text).some(isOthers)) return true;
  // A browser takes a backslash for a slash.
  if (!/https?(?::|%3a)|(?:[/\\]|%2f|%5c){2}/i.test(text)) return isForwardingPage(url);
  return listAuthorities(text).some(isOthers);
}

/** What stands behind each `//` of the text, however it is escaped, and each `http:` without one. */
function listAuthorities(text: string): readonly string[] {
  const found = unescapeMarks(text)
    .replaceAll("\\", "/")
    .matchAll(/https?:(?!\/\/)|\/\/([^/?#&]*)/gi);
  return Array.from(found, ([, authority = ""]) => authority.toLowerCase());
}

/** What stands for a value, as far as a slash, and has a dot: some sign-in pages forward to `?u=example.net`, too. */
function listBareNames(text: string): readonly string[] {
  const found = unescapeMarks(text).matchAll(/[?=&]([^=&/\\?#]*\.[^=&/\\?#]*)/g);
  return Array.from(found, ([, name = ""]) => name.toLowerCase());
}

function unescapeMarks(text: string): string {
  return text.replace(/%(?:2f|3a|3b|40|5c|23|3f|26)/gi, (code) => decodeURIComponent(code));
}

/** Whether the authority is a host name, nothing else, and the brand's; escapes and user names are not. */
function isOwn(authority: string, { domain, owner }: Owned, index: BrandIndex): boolean {
  if (
    !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(authority) ||
    opennessOf({ host: authority, path: "", query: "" }, owner) !== undefined
  )
    return false;
  const parts = splitHost(authority);
  if (authority.slice(parts.site) === domain) return true;
  return owner.signInOnly !== true && findOwner(authority, parts, index) === owner;
}

/** A name with dots at its end reads as the same site. */
function countEndDots(name: string): number {
  let count = 0;
  while (name.at(-1 - count) === ".") count += 1;
  return count;
}
