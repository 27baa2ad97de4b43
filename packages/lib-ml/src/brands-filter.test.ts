import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Brand } from "./brands.ts";
import { BrandFilter, EMBEDDED, JOINED, TOKENS, WHOLE } from "./brands-filter.ts";
import { foldLooks } from "./brands-fold.ts";
import { findImitation } from "./brands-imitate.ts";
import { buildIndex } from "./brands-index.ts";
import { canonicalise } from "./canonicalise.ts";
import { splitHost } from "./domain.ts";

const NAMES = ["paypal", "t-mobile", "chase", "microsoft"];
const filter = new BrandFilter({
  exact: NAMES,
  joined: NAMES.map((name) => name.replaceAll("-", "")),
  domains: NAMES.map(foldLooks),
  owned: NAMES.map((name) => `${name}.com`),
});

/** A host's labels before its suffix, and the way that the filter must not rule out. */
const HOSTS: readonly (readonly [string, number])[] = [
  ["paypal", WHOLE],
  ["paypa1", WHOLE],
  ["paypl", WHOLE],
  ["payppal", WHOLE],
  ["papyal", WHOLE],
  ["qaypal", WHOLE],
  ["paypaq", WHOLE],
  ["rnicrosoft", WHOLE],
  ["t-mobile", WHOLE],
  ["paypal.com.example", EMBEDDED],
  ["paypa1.com.example", EMBEDDED],
  ["login-paypal", TOKENS],
  ["login-paypal24", TOKENS],
  ["24paypal_login", TOKENS],
  ["t-mobile.example", TOKENS],
  ["login-paypai.example", TOKENS],
  ["login-microsft", TOKENS],
  ["paypallogin", JOINED],
  ["securechase", JOINED],
  ["tmo-bilelogin", JOINED],
];

test.each(HOSTS)("BrandFilter lets %s through", (host, way) => {
  const ways = filter.check(host, host.lastIndexOf(".") + 1, host.length);
  expect(ways & way).toBe(way);
});

test.each(["wikipedia", "news.example", "a-b.c-d", "paylater", "", "x"])(
  "BrandFilter rules out every way for %s",
  (host) => {
    expect(filter.check(host, host.lastIndexOf(".") + 1, host.length)).toBe(0);
  },
);

test.each([
  ["paypal.com", 0, true],
  ["www.paypal.com", 4, true],
  ["example.com", 0, false],
] as const)(
  "BrandFilter tells whether %s from %i on may be a brand's domain",
  (host, site, may) => {
    expect(filter.mayBeOwned(host, site)).toBe(may);
  },
);

const BRANDS: readonly Brand[] = [
  { name: "PayPal", domains: ["paypal.com", "paypal.co.uk"] },
  { name: "T-Mobile", domains: ["t-mobile.com"] },
  { name: "DHL", domains: ["dhl.com"], commonWord: true },
  { name: "N26", domains: ["n26.com"], alsoKnownAs: ["number-26"] },
  { name: "Microsoft", domains: ["microsoft.com"], alsoKnownAs: ["outlook", "onedrive"] },
];

/** Lets everything through. */
class NoFilter extends BrandFilter {
  override check(): number {
    return WHOLE | EMBEDDED | TOKENS | JOINED;
  }
}

const KNOWN = ["paypal", "t-mobile", "dhl", "n26", "number-26", "microsoft", "outlook", "onedrive"];
const LETTER = fc.constantFrom(..."abdilmnopqrtvwy0156-_");
const slipped = fc
  .tuple(fc.constantFrom(...KNOWN), fc.nat(9), LETTER, fc.constantFrom("", "add", "put", "swap"))
  .map(([name, at, letter, how]) => {
    const [head, [one = "", two = ""], rest] = [
      name.slice(0, at),
      name.slice(at),
      name.slice(at + 1),
    ];
    if (how === "swap") return head + two + one + rest.slice(1);
    if (how === "add") return head + letter + one + rest;
    return how === "put" ? head + letter + rest : name;
  });
const bait = fc.constantFrom("", "", "login", "secure-", "-verify", "24", "bank", "my_", ".com.");
const label = fc.tuple(bait, slipped, bait).map((parts) => parts.join(""));
const host = fc
  .tuple(
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("xyz", "com", "github.io"),
  )
  .map(([labels, suffix]) => `${labels.join(".")}.${suffix}`);

test("BrandFilter hides nothing that findImitation() finds without it", () => {
  const index = buildIndex(BRANDS);
  const none = new NoFilter({ exact: [], joined: [], domains: [], owned: [] });
  let found = 0;
  fc.assert(
    fc.property(host, (text) => {
      const url = canonicalise(text);
      if (url === undefined) return;
      const parts = splitHost(url.host);
      const plain = findImitation(url, parts, { ...index, filter: none });
      expect(findImitation(url, parts, index)).toEqual(plain);
      if (plain !== undefined) found += 1;
    }),
    { numRuns: 4000 },
  );
  expect(found).toBeGreaterThan(200);
});
