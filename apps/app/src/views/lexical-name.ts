// What lib-ml calls its measures of a whole URL, in words. Behind these the number says which.
const TRAITS: Readonly<Record<string, string>> = {
  "flag 0": "a port is given",
  "flag 1": "the host is written in Punycode",
  "flag 2": "the host is an IP address",
  "flag 3": "the host is an IP address in an odd notation",
  "flag 4": "anyone can put a site on this host",
  "depth 0": "a host without a path",
  "depth 1": "a path without a query",
  "depth 2": "there is a query",
  "path trait 1": "an empty name in the path",
  "path trait 2": "a hidden name in the path",
  "path trait 3": "an @ in the query",
  "path trait 4": "a dot in the path",
  "path trait 5": "a capital after a small letter in the path",
  "path trait 6": "a long hexadecimal code in the path",
  "path trait 7": "a long code in the path",
  "site vowel share 15": "no letters in the site’s name",
  "suffix inside 0": "no ending such as “com” inside the host",
  "suffix inside 1": "an ending such as “com” inside the host",
  "digit at an end 0": "no digit at an end of the site’s name",
  "digit at an end 1": "the site’s name begins with a digit",
  "digit at an end 2": "the site’s name ends in a digit",
};

const SITE = "the site’s name";

// The number behind these is the count itself, up to MOST: what is counted, in the singular, and where.
const COUNTS: Readonly<Record<string, readonly [what: string, where: string]>> = {
  "host digits": ["digit", "in the host"],
  "host hyphens": ["hyphen", "in the host"],
  "host dots": ["dot", "in the host"],
  "letter–digit changes": ["change", "between letters and digits in the host"],
  "site digits": ["digit", `in ${SITE}`],
  "site hyphens": ["hyphen", `in ${SITE}`],
  "path depth": ["slash", "in the path"],
  "path escapes": ["escaped character", "in the path"],
  "path @": ["@ sign", "in the path"],
  "query parameters": ["parameter", "in the query"],
};
const MOST = 15;

// The longest run of a kind, as a count up to MOST.
const RUNS: Readonly<Record<string, string>> = {
  "site consonant run": "consonants",
  "site digit run": "digits",
};

// The number behind these is the place of a bucket, which says nothing to a reader, unless it is 0.
const MEASURES: Readonly<Record<string, readonly [some: string, none?: string]>> = {
  "host length": ["length of the host"],
  "site length": [`length of ${SITE}`],
  "site vowel share": [`share of vowels in ${SITE}`, `no vowels in ${SITE}`],
  "site entropy": [`how mixed the letters of ${SITE} are`],
  "subdomain length": [`length of what stands before ${SITE}`, `nothing stands before ${SITE}`],
  "longest word": ["longest word of the host"],
  "path length": ["length of the path", "no path"],
  "path digits": ["digits in the path", "no digits in the path"],
  "path capitals": ["capitals in the path", "no capitals in the path"],
  "query length": ["length of the query", "no query"],
  "url length": ["length of the link"],
};

// Counted in the path as it is sent, where ü is %C3%BC: with what a reader of the link does not see.
const ESCAPES_TOO: ReadonlySet<string> = new Set(["path capitals", "path digits"]);

/** A measure of the whole URL in words; a name that is new to us stays as the model gave it. */
export function describeLexical(name: string, { isEscaped = false } = {}): string {
  const [, group = name, digits = ""] = /^(.*) (\d+)$/.exec(name) ?? [];
  const text = TRAITS[name] ?? describeNumber(group, Number(digits)) ?? name;
  return isEscaped && ESCAPES_TOO.has(group) ? `${text}, escapes such as %C3 included` : text;
}

/** Whether these measures are of a path with characters that are sent as escapes. */
export function hasEscapes(measures: readonly { readonly name: string }[]): boolean {
  return measures.some(({ name }) => /^path escapes [1-9]/.test(name));
}

function describeNumber(group: string, n: number): string | undefined {
  const counted = COUNTS[group];
  if (counted !== undefined) return describeCount(n, ...counted);
  const run = RUNS[group];
  if (run !== undefined) return describeRun(n, run);
  const [some, none] = MEASURES[group] ?? [];
  return n === 0 ? (none ?? some) : some;
}

function describeCount(n: number, what: string, where: string): string {
  if (n === 1) return `1 ${what} ${where}`;
  return `${formatCount(n)} ${what}${what.endsWith("sh") ? "es" : "s"} ${where}`;
}

function describeRun(n: number, what: string): string {
  if (n === 0) return `no ${what} in ${SITE}`;
  return `${n === 1 ? "no two" : formatCount(n)} ${what} in a row in ${SITE}`;
}

function formatCount(n: number): string {
  if (n === 0) return "no";
  return n >= MOST ? `${MOST} or more` : String(n);
}
