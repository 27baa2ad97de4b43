import { expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalise } from "./canonicalise.ts";
import { type Features, featurise, traceFeatures } from "./featurise.ts";
import { BAGS, RESERVED, ROWS } from "./table.ts";

const MOST_FEATURES = 4000;

function featuresOf(url: string): Features | undefined {
  const canonical = canonicalise(url);
  return canonical && featurise(canonical);
}

function idsOf(url: string): readonly number[] {
  return [...(featuresOf(url)?.ids ?? [])];
}

// What only looks like punycode is no host to a browser, and has no rows.
const label = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?$/)
  .filter((text) => !text.startsWith("xn--"));
const suffix = fc.constantFrom("com", "co.uk", "github.io", "top", "cn", "xn--p1ai");
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), suffix)
  .map(([labels, end]) => [...labels, end].join("."));
const segment = fc
  .stringMatching(/^[A-Za-z0-9_~.-]{1,12}$/)
  .filter((text) => !/^\.{1,2}$/.test(text));
const path = fc
  .array(segment, { maxLength: 4 })
  .map((segments) => segments.map((text) => `/${text}`).join(""));
const parameter = fc.tuple(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.stringMatching(/^[A-Za-z0-9%+]{0,8}$/),
);
const query = fc
  .array(parameter, { maxLength: 3 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));
const parts = fc.record({ host, path, query });

interface Written {
  readonly scheme?: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment?: string;
}

function write({ scheme = "https://", host: name, path: way, query: ask, fragment = "" }: Written) {
  return `${scheme}${name}${way}${ask === "" ? "" : `?${ask}`}${fragment}`;
}

function encodeLetter(text: string): string {
  return text.replace(/[A-Za-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}

const NEUTRAL: readonly (readonly [string, (given: Written) => string])[] = [
  ["the host in capitals", (given) => write({ ...given, host: given.host.toUpperCase() })],
  ["http for https", (given) => write({ ...given, scheme: "http://" })],
  ["no scheme", (given) => write({ ...given, scheme: "" })],
  ["www. in front", (given) => write({ ...given, host: `www.${given.host}` })],
  ["a slash at the end", (given) => write({ ...given, path: `${given.path}/` })],
  ["a default port", (given) => write({ ...given, host: `${given.host}:443` })],
  ["a fragment", (given) => write({ ...given, fragment: "#section-2" })],
  ["an escaped letter", (given) => write({ ...given, path: encodeLetter(given.path) })],
  [
    "a tracking parameter",
    (given) =>
      write({
        ...given,
        query: given.query === "" ? "utm_source=x" : `${given.query}&utm_source=x`,
      }),
  ],
  ["dot segments", (given) => write({ ...given, path: `/a/..${given.path || "/"}` })],
  ["a user name", (given) => write({ ...given, host: `google.com@${given.host}` })],
];

test.each(NEUTRAL)("featurise() gives the same rows with %s", (_, rewrite) => {
  fc.assert(
    fc.property(parts, (given) => {
      const features = featuresOf(write(given));
      expect(features?.ids.length).toBeGreaterThan(0);
      expect(featuresOf(rewrite(given))).toEqual(features);
    }),
  );
});

test.each([
  ["another host", "example.com/a", "example.org/a"],
  ["another path", "example.com/a", "example.com/b"],
  ["another query", "example.com/a?x=1", "example.com/a?y=1"],
  ["capitals in a path", "example.com/abc", "example.com/aBc"],
  ["a port of its own", "example.com/a", "example.com:8080/a"],
  ["an odd address", "http://127.0.0.1/", "http://0x7f000001/"],
  ["punycode that looks the same", "paypal.com", "xn--pypal-4ve.com"],
])("featurise() tells apart %s", (_, one, other) => {
  expect(idsOf(one)).not.toEqual(idsOf(other));
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ maxLength: 200 }).map((text) => `https://example.com/${text}`),
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => `http://${text}/`),
);

test("featurise() takes any text: 1 to 4,000 rows of the table, at a scale of 1/√k", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const canonical = canonicalise(text);
      if (canonical === undefined) return;
      const { ids, ends, scale } = featurise(canonical);
      expect(ids.length).toBeWithin(1, MOST_FEATURES);
      expect(ids.every((id) => id >= 0 && id < ROWS)).toBe(true);
      expect(scale).toBe(1 / Math.sqrt(ids.length));
      expect(ends).toEqual(ends.toSorted());
      expect([ends.length, ends.at(-1)]).toEqual([BAGS, ids.length]);
    }),
    { numRuns: 2000 },
  );
}, 120_000);

const AWKWARD = [
  "a",
  "/",
  "/.",
  "/..",
  "%",
  "%41",
  "?",
  "&",
  "utm_a=1&",
  "#",
  "@",
  ":",
  ".",
  "www.",
  "xn--",
  "\ud800",
  "\0",
  "\t",
  "\\",
  "é",
  "[.]",
  "😀",
  "%25",
  "-",
  "1.",
];

const BEFORE = ["", "http://", "https://example.com/", "https://example.com/?", "http://a@"];

/** How long this process computes for the texts together, in milliseconds: not what it waits for its turn. */
function timeOf(texts: readonly string[]): number {
  const begun = process.cpuUsage();
  for (const text of texts) {
    const canonical = canonicalise(text);
    if (canonical !== undefined) featurise(canonical);
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/**
 * Whether 64 KiB take far longer than eight times 8 KiB: where the square counts, up to eight times as long.
 * Time, because steps cannot be counted from outside: the square hides in the engine's own searches, regular
 * expressions and copies of text.
 * A busy machine lengthens rounds, so that the shortest of some are compared.
 */
function outgrows(text: string): boolean {
  const pieces = Array.from({ length: 8 }, () => text.slice(0, text.length / 8));
  let [whole, inPieces] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 1; round <= 15; round += 1) {
    whole = Math.min(whole, timeOf([text]));
    inPieces = Math.min(inPieces, timeOf(pieces));
    if (whole < 3 || (round >= 3 && whole < 3 * inPieces)) return false;
  }
  return true;
}

test.each(AWKWARD)(
  "canonicalise() and featurise() take time that grows as the length does: %j",
  (piece) => {
    for (const before of BEFORE) {
      const text = (before + piece.repeat(65_536)).slice(0, 65_536);
      expect([before, outgrows(text)]).toEqual([before, false]);
    }
  },
  120_000,
);

const longText = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: "binary", maxLength: 8 })),
      fc.integer({ min: 1, max: 20_000 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.map(([piece, times]) => piece.repeat(times)).join(""));

test("canonicalise() throws for no text of up to 64 KiB", () => {
  fc.assert(
    fc.property(fc.constantFrom(...BEFORE), longText, (before, rest) => {
      const text = (before + rest).slice(0, 65_536);
      const canonical = canonicalise(text);
      if (canonical === undefined) return;
      // A unit becomes at most three escaped bytes.
      expect(canonical.text.length).toBeLessThanOrEqual(9 * text.length);
      expect(featurise(canonical).ids.length).toBeLessThanOrEqual(MOST_FEATURES);
      const last = traceFeatures(text).at(-1);
      expect(last?.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 100 },
  );
}, 120_000);

test("canonicalise() leaves its own answer as it is", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, parts.map(write)), (text) => {
      const canonical = canonicalise(text);
      if (canonical === undefined || canonical.flags.punycode) return;
      expect(canonicalise(`https://${canonical.text}`)?.text).toBe(canonical.text);
    }),
    { numRuns: 2000 },
  );
}, 120_000);

test("traceFeatures() gives the rows of featurise(), each within the URL as given", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, parts.map(write)), (text) => {
      const traced = traceFeatures(text);
      expect(traced.map((feature) => feature.id)).toEqual([...idsOf(text)]);
      for (const { start, end, segment: where } of traced) {
        expect(start).toBeWithin(0, text.length + 1);
        expect(end).toBeWithin(start, text.length + 1);
        if (where === "url") expect([start, end]).toEqual([0, 0]);
      }
    }),
    { numRuns: 1000 },
  );
}, 120_000);

test.each([
  ["example", "https://u:p@WWW.EXample.co.uk:8080/a", "EXample"],
  ["co.uk", "https://u:p@WWW.EXample.co.uk:8080/a", "co.uk"],
  ["login", "example.com/a/../l%6Fgin?utm_source=1&b=2", "l%6Fgin"],
  ["b", "example.com/a?utm_source=1&b=2", "b"],
  ["munchen", "https://münchen.de/", "münchen"],
  ["example", "hxxp://example[.]com", "example"],
])("traceFeatures() finds the token %s where %s has it", (name, url, written) => {
  const token = traceFeatures(url).find(
    (feature) => feature.kind === "token" && feature.name.toLowerCase() === name,
  );
  expect(url.slice(token?.start, token?.end)).toBe(written);
});

test("every lexical row is reserved and has a name", () => {
  const lexical = traceFeatures("http://0x7f.1:81/a/login.php?x=@").filter(
    ({ kind }) => kind === "lexical",
  );
  expect(lexical.length).toBeGreaterThan(20);
  for (const { id, name } of lexical) {
    expect(id).toBeLessThan(RESERVED);
    expect(name).not.toBe("");
  }
  expect(lexical.map(({ name }) => name)).toContain("flag 2");
});
