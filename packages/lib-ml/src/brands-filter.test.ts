import { expect, test } from "bun:test";
import { BrandFilter, EMBEDDED, JOINED, TOKENS, WHOLE } from "./brands-filter.ts";
import { foldLooks } from "./brands-fold.ts";

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

test.each(["wikipedia", "news.example", "a-b.c-d", "", "x"])(
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
