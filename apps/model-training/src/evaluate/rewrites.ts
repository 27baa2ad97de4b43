// Ways of writing the same address (RFC 3986 §6.2, and what senders of mail add). A verdict that
// changes with them is a verdict about spelling.

/** One way of writing a URL that leads to the same page. */
export interface Rewrite {
  readonly name: string;
  /** The URL (which has a scheme) written another way; undefined where it does not apply. */
  readonly apply: (url: URL) => string | undefined;
}

/** The ten rewrites under which a verdict must not change. */
export const NEUTRAL_REWRITES: readonly Rewrite[] = [
  { name: "host in capitals", apply: (url) => compose(url, { host: url.host.toUpperCase() }) },
  {
    name: "http for https",
    apply: (url) => compose(url, { scheme: url.protocol === "https:" ? "http" : "https" }),
  },
  {
    name: "with or without www",
    apply: (url) => {
      if (isAddress(url.hostname)) return undefined;
      const bare = url.host.replace(/^www\./, "");
      return compose(url, { host: bare === url.host ? `www.${bare}` : bare });
    },
  },
  {
    name: "with or without trailing slash",
    apply: (url) => {
      if (url.search !== "") return undefined;
      const bare = url.pathname.replace(/\/+$/, "");
      return compose(url, { path: bare === url.pathname ? `${bare}/` : bare });
    },
  },
  {
    name: "default port",
    apply: (url) =>
      url.port === ""
        ? compose(url, { host: `${url.host}:${url.protocol === "https:" ? 443 : 80}` })
        : undefined,
  },
  {
    name: "fragment",
    // A fragment that is there may be the page itself (#/route); another in its place is another page.
    apply: (url) => (url.hash === "" ? compose(url, { fragment: "#section-2" }) : undefined),
  },
  {
    name: "one letter percent-encoded",
    apply: (url) => {
      const at = url.pathname.search(/(?<!%[0-9A-Fa-f]?)[a-z]/);
      if (at < 0) return undefined;
      const code = url.pathname.charCodeAt(at).toString(16).toUpperCase();
      const path = `${url.pathname.slice(0, at)}%${code}${url.pathname.slice(at + 1)}`;
      return compose(url, { path });
    },
  },
  {
    name: "tracking parameter",
    apply: (url) => {
      const separator = url.search === "" ? "?" : "&";
      return compose(url, { query: `${url.search}${separator}utm_source=newsletter` });
    },
  },
  {
    name: "dot segments",
    apply: (url) => compose(url, { path: `/a/..${url.pathname === "/" ? "/" : url.pathname}` }),
  },
  {
    name: "user name",
    apply: (url) =>
      url.username === "" ? compose(url, { host: `google.com@${url.host}` }) : undefined,
  },
];

/** The URL with its scheme, so that the rewrites can take it apart; undefined for what is no URL. */
export function withScheme(url: string): URL | undefined {
  return URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`) ?? undefined;
}

interface Parts {
  readonly scheme?: string;
  readonly host?: string;
  readonly path?: string;
  readonly query?: string;
  readonly fragment?: string;
}

function compose(url: URL, parts: Parts): string {
  const scheme = parts.scheme ?? url.protocol.slice(0, -1);
  const path = parts.path ?? url.pathname;
  const query = parts.query ?? url.search;
  const password = url.password === "" ? "" : `:${url.password}`;
  const user = url.username === "" ? "" : `${url.username}${password}@`;
  const fragment = parts.fragment ?? url.hash;
  return `${scheme}://${user}${parts.host ?? url.host}${path}${query}${fragment}`;
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|^\[/.test(host);
}

export interface FlipCount {
  readonly rewrite: string;
  readonly urls: number;
  readonly flips: number;
}

export interface FlipOptions {
  /** The probability of each URL, in order; undefined for text that the model does not take. */
  readonly score: (urls: readonly string[]) => Promise<readonly (number | undefined)[]>;
  readonly threshold: number;
  readonly rewrites?: readonly Rewrite[];
}

/** How many verdicts change under each rewrite. URLs that do not parse are passed over. */
export async function countFlips(
  urls: readonly string[],
  options: FlipOptions,
): Promise<readonly FlipCount[]> {
  const given = urls.filter((url) => withScheme(url) !== undefined);
  const before = await options.score(given);
  const counts: FlipCount[] = [];
  for (const rewrite of options.rewrites ?? NEUTRAL_REWRITES) {
    const pairs = given.flatMap((url, at) => {
      const parsed = withScheme(url);
      const text = parsed === undefined ? undefined : rewrite.apply(parsed);
      return text === undefined ? [] : [{ text, before: before[at] }];
    });
    const after = await options.score(pairs.map((pair) => pair.text));
    const flips = pairs.filter(
      (pair, at) => isPhishing(pair.before, options) !== isPhishing(after[at], options),
    );
    counts.push({ rewrite: rewrite.name, urls: pairs.length, flips: flips.length });
  }
  return counts;
}

function isPhishing(probability: number | undefined, options: FlipOptions): boolean | undefined {
  return probability === undefined ? undefined : probability >= options.threshold;
}
