import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Brand, findBrand, findOpenness } from "./brands.ts";
import { isOneSlipAway, listDeletions } from "./brands-distance.ts";
import { foldLooks } from "./brands-fold.ts";
import { isAllBait, isBait } from "./brands-words.ts";
import { canonicalise } from "./canonicalise.ts";
import { tellFinding } from "./testing/tell-finding.ts";

const BRANDS: readonly Brand[] = [
  {
    name: "PayPal",
    domains: ["paypal.com", "paypal-search.com"],
    userContent: ["paypal.com/invoice"],
  },
  { name: "Wells Fargo", domains: ["wellsfargo.com"] },
  {
    name: "Apple",
    domains: ["apple.com", "icloud.com"],
    commonWord: true,
    alsoKnownAs: ["icloud"],
  },
  {
    name: "Google",
    domains: ["google.com", "google.de"],
    commonWord: true,
    userContent: ["sites.google.com", "docs.google.com"],
  },
  { name: "GitHub", domains: ["github.com"], commonWord: true, userPosts: ["github.com"] },
  { name: "WordPress.com", domains: ["wordpress.com"], userContent: ["wordpress.com"] },
  { name: "T-Mobile", domains: ["t-mobile.com"] },
  { name: "DHL", domains: ["dhl.com"], commonWord: true },
  { name: "N26", domains: ["n26.com"], commonWord: true },
  { name: "Netflix", domains: ["netflix.com"], notLookalikes: ["netflex", "netflix-corp.com"] },
  { name: "Chase", domains: ["chase.com"], commonWord: true },
  { name: "Cash App", domains: ["cash.app"], commonWord: true },
];

const find = (url: string, brands = BRANDS) => tellFinding(url, brands);

test.each([
  ["https://www.paypal.com/signin", "verified paypal.com"],
  ["paypal.com", "verified paypal.com"],
  ["https://history.paypal.com/a?x=1", "verified paypal.com"],
  ["https://www.google.de/search?q=paypal", "verified google.de"],
  ["https://icloud.com", "verified icloud.com"],
  [
    "https://accounts.google.com/v3/signin?continue=https%3A%2F%2Fmail.google.com%2F",
    "verified google.com",
  ],
  ["https://www.google.com/url?q=https://www.google.de/maps", "verified google.com"],
  ["https://www.paypal-search.com", "verified paypal-search.com"],
  ["https://mysites.google.com/", "verified google.com"],
  ["https://www.google.de/a?u=%5C%5Cmail.google.com/b", "verified google.de"],
])("findBrand() verifies %s", (url, expected) => expect(find(url)).toBe(expected));

test.each([
  ["content of users", "https://sites.google.com/view/paypal-login"],
  ["content of users below such a host", "https://x.docs.google.com/forms"],
  ["a whole domain of users' content", "https://github.com/someone/phish"],
  ["a path of users' content", "https://www.paypal.com/invoice/p/#INV2-1"],
  ["the same in other letters", "https://www.paypal.com/%49nvoice"],
  ["the same with an escaped slash", "https://www.paypal.com/invoice%2Fp%2F1"],
  ["the same with a parameter", "https://www.paypal.com/invoice;x=1/p/1"],
  ["the same behind a parameter", "https://www.paypal.com/us;x=1/invoice/p"],
  ["the same in a language", "https://www.paypal.com/pt-BR/invoice/p"],
  ["the same in a country's language", "https://www.paypal.com/c2/zh-cn/invoice/p"],
  [
    "a sign-in that leads on to it",
    "https://www.paypal.com/signin?returnUri=https%3A%2F%2Fwww.paypal.com%2Finvoice%2Fp",
  ],
  ["the same, its path alone", "https://www.paypal.com/signin?returnUri=%2Finvoice%3Fid%3D1"],
  ["hosting of another name", "https://someone.github.io/"],
  ["a redirect", "https://www.google.com/url?q=https://evil.example/"],
  ["a redirect, encoded", "https://www.google.com/url?q=http%3A%2F%2Fevil.example"],
  ["a redirect to a name without //", "https://www.google.com/url?q=evil.example"],
  ["a redirect to a bare host", "https://www.google.com/url?q=//evil.example"],
  [
    "a redirect behind its own",
    "https://www.google.com/url?q=https://google.com/url?q=https://evil.example",
  ],
  ["a redirect escaped twice", "https://www.google.com/url?q=https%253A%252F%252Fevil.example"],
  [
    "a redirect to another name behind its own",
    "https://www.google.com/url?q=https://google.com@evil.example",
  ],
  ["a redirect to a back slash", "https://www.google.com/url?q=https://evil.example%5C.google.com"],
  ["a redirect with back slashes", "https://www.google.com/x?q=\\\\evil.example"],
  ["the same, encoded", "https://www.google.com/x?q=%5C%5Cevil.example"],
  ["a redirect with one of each", "https://www.google.com/x?q=/%5Cevil.example"],
  ["a redirect with a tab that browsers leave out", "https://www.google.com/x?q=/%09/evil.example"],
  ["a path that is another host to a browser", "https://www.google.com/%2F/evil.example"],
  ["a redirect without slashes", "https://www.google.com/url?q=https:evil.example"],
  ["a redirect to content of users", "https://www.google.com/url?q=https://sites.google.com/x"],
  ["a redirect to a name that ends alike", "https://www.google.com/url?q=https://notgoogle.com"],
  ["a copied page", "https://www.google.com/amp/s/evil.example/x"],
  ["a user name before the host", "https://evil.example@www.paypal.com/"],
  ["its own name before the host", "https://me:paypal.com@www.paypal.com/"],
])("findBrand() does not verify %s", (_, url) => expect(find(url)).toBe("nothing"));

test.each([
  ["https://sites.google.com/view/paypal-login", "pages"],
  ["https://x.docs.google.com/forms", "pages"],
  ["https://github.com/login", "posts"],
  ["https://gist.github.com/someone", "posts"],
  ["https://wordpress.com/log-in", "pages"],
  ["https://bakery.wordpress.com/2020/bread", undefined],
  ["https://www.google.com/search?q=x", undefined],
  ["https://www.paypal.com/", undefined],
  ["https://www.paypal.com/invoice/p/#INV2-1", "pages"],
  ["https://www.paypal.com/nl/invoice", "pages"],
  ["https://www.paypal.com/invoices", undefined],
  ["https://paypal.com.example.net/invoice", undefined],
  ["https://someone.github.io/", undefined],
  ["https://github.com.evil.example/", undefined],
  ["https://bakery.example/github.com", undefined],
  ["https://xn--githb-0ua.com/", undefined],
  ["http://192.0.2.1/github.com", undefined],
] as const)("findOpenness() of %s is %p", (url, expected) => {
  const canonical = canonicalise(url);
  expect(canonical && findOpenness(canonical, BRANDS)).toBe(expected);
});

test.each([
  ["https://www.paypal.com@evil.example/login", "PayPal user name www.paypal.com"],
  ["https://paypal.com..@evil.example/login", "PayPal user name paypal.com"],
  ["https://paypal.com%2Fsignin:x@203.0.113.7/login", "PayPal user name paypal.com"],
  ["https://www.paypal.com:443@evil.example/", "PayPal user name www.paypal.com"],
  ["https://user:pass@paypal.com@evil.example/", "PayPal user name paypal.com"],
  ["https://a:www.paypal.com@evil.example/", "PayPal user name www.paypal.com"],
  ["https://x:paypal.com@evil.example/", "PayPal user name paypal.com"],
  ["https://x%40paypal.com%3A443@evil.example/", "PayPal user name paypal.com"],
  ["https://x:icloud.com@paypal.com@icloud.com/", "PayPal user name paypal.com"],
  ["paypa1.com", "PayPal homoglyph paypa1"],
  ["paypai.net", "PayPal homoglyph paypai"],
  ["vvellsfargo.com", "Wells Fargo homoglyph vvellsfargo"],
  ["paypa1-support.example.com", "PayPal homoglyph paypa1"],
  ["https://xn--pypal-4ve.com/login", "PayPal homoglyph paypal"],
  ["https://аpple.com", "Apple homoglyph apple"],
  ["https://ɢoogle.com", "Google homoglyph google"],
  ["https://nɇtflɨx.com", "Netflix homoglyph netflix"],
  ["p-a-y-p-a-l.com", "PayPal homoglyph p-a-y-p-a-l"],
  ["payypal.com", "PayPal edit payypal"],
  ["papyal.com", "PayPal edit papyal"],
  ["wellsfarg.com", "Wells Fargo edit wellsfarg"],
  ["gooogle.com", "Google edit gooogle"],
  ["aapple.com", "Apple edit aapple"],
  ["paypal-news.example", "PayPal combination paypal"],
  ["paypal-login.xyz", "PayPal combination paypal"],
  ["securepaypal.net", "PayPal combination securepaypal"],
  ["apple-verify.net", "Apple combination apple"],
  ["appleloginverify24.net", "Apple combination appleloginverify24"],
  ["netflix-corp.net", "Netflix combination netflix"],
  ["https://netflіx-corp.com/", "Netflix combination netflix"],
  ["paypal866.net", "PayPal combination paypal866"],
  ["24paypal.net", "PayPal combination 24paypal"],
  ["wwwchase.net", "Chase combination wwwchase"],
  ["www-chase.net", "Chase combination www-chase"],
  ["chase-com.net", "Chase combination chase"],
  ["www-chase-com.evil.example", "Chase subdomain chase"],
  ["t-mobile-billing.com", "T-Mobile combination t-mobile-billing"],
  ["n26-login.de", "N26 combination n26"],
  ["dhl-redelivery.net", "DHL combination dhl"],
  ["paypal.com.evil.example", "PayPal subdomain paypal.com"],
  ["paypal.com-verify.top", "PayPal subdomain paypal.com-verify"],
  ["www.paypa1.com.evil.example", "PayPal subdomain paypa1.com"],
  ["paypal.secure.evil.example", "PayPal subdomain paypal"],
  ["icloud-login.shop.example", "Apple subdomain icloud"],
  ["paypal.xyz", "PayPal suffix paypal.xyz"],
  ["paypal.vercel.app", "PayPal suffix paypal.vercel.app"],
])("findBrand() finds that %s imitates: %s", (url, expected) => expect(find(url)).toBe(expected));

test.each([
  ["an ordinary site", "https://bakery.example/paypal/login"],
  ["a brand in the path", "https://shop.example/pay-with-paypal?brand=paypal.com"],
  ["a common word beside others", "apple-pie-recipes.example"],
  ["a common word as a label", "apple.stackexchange.example"],
  ["a common word one letter off", "phase.example"],
  ["another name", "https://ample.example"],
  ["a short name one letter off", "dhs.example"],
  ["a name of its own", "netflex.example"],
  ["a domain that is said to be the brand's", "https://mail.netflix-corp.com/"],
  ["a common word with a number", "chase24.example"],
  ["a domain whose ending is a word", "get-cash-app.example"],
  ["a host that a university calls so", "www-chase.college.example"],
  ["letters that look like no name", "https://ɢarden.example"],
  ["the name under another country", "google.co.jp"],
  ["the name under an old ending", "paypal.org"],
  ["the brand's own pages on github.io", "https://netflix.github.io/"],
  ["an IP address", "http://192.0.2.1/paypal.com"],
])("findBrand() is silent on %s", (_, url) => expect(find(url)).toBe("nothing"));

test("findBrand() with an empty list finds nothing", () => {
  expect(find("paypal.com", [])).toBe("nothing");
});

test("findBrand() never throws, and says nothing of a URL that holds no name alike", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      const canonical = canonicalise(url);
      if (canonical !== undefined) findBrand(canonical, BRANDS);
    }),
  );
}, 120_000);

/** Optimal string alignment by its definition, from the ends of the texts. */
function distance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  const replaced = distance(restA, restB) + (a[0] === b[0] ? 0 : 1);
  const swapped =
    a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]
      ? distance(a.slice(2), b.slice(2)) + 1
      : Number.POSITIVE_INFINITY;
  return Math.min(replaced, distance(restA, b) + 1, distance(a, restB) + 1, swapped);
}

test("isOneSlipAway() is the optimal string alignment distance up to 1", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 5 });
  fc.assert(
    fc.property(word, word, (a, b) => isOneSlipAway(a, b) === distance(a, b) <= 1),
    { numRuns: 1500 },
  );
});

test("two texts one slip apart share a deletion, or one is a deletion of the other", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      if (!isOneSlipAway(a, b)) return;
      const near = new Set([a, ...listDeletions(a)]);
      expect([b, ...listDeletions(b)].some((text) => near.has(text))).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test.each([
  ["paypa1", "paypal"],
  ["paypai", "paypal"],
  ["rnicrosoft", "microsoft"],
  ["vvhatsapp", "whatsapp"],
  ["clropbox", "dropbox"],
  ["9oo9le", "google"],
])("foldLooks() takes %s for %s", (disguise, name) => {
  expect(foldLooks(disguise)).toBe(foldLooks(name));
});

test.each([
  ["securelogin24", true, true],
  ["help", false, true],
  ["page", true, false],
  ["loginx", false, false],
  ["24", false, false],
  ["", false, false],
])("isAllBait() %s, strongly %p: %p", (text, strongly, expected) => {
  expect(isAllBait(text, strongly)).toBe(expected);
});

test("isBait() knows strong from mild words", () => {
  expect([isBait("login", true), isBait("page", true), isBait("page", false)]).toEqual([
    true,
    false,
    true,
  ]);
});
