import { expect, test } from "bun:test";
import { canonicalise } from "@hookline/lib-ml";
import { countFlips, NEUTRAL_REWRITES, withScheme } from "./rewrites.ts";

const DEEP = "http://shop.example.com/a%20b/cart?id=7";
const HOME = "https://example.com/";

test.each<[string, string, string | undefined]>([
  ["host in capitals", DEEP, "http://SHOP.EXAMPLE.COM/a%20b/cart?id=7"],
  ["http for https", DEEP, "https://shop.example.com/a%20b/cart?id=7"],
  ["http for https", HOME, "http://example.com/"],
  ["with or without www", DEEP, "http://www.shop.example.com/a%20b/cart?id=7"],
  ["with or without www", "https://www.example.com/", HOME],
  ["with or without www", "https://192.0.2.1/", undefined],
  ["with or without trailing slash", DEEP, undefined],
  ["with or without trailing slash", HOME, "https://example.com"],
  ["with or without trailing slash", "https://example.com/a", "https://example.com/a/"],
  ["default port", DEEP, "http://shop.example.com:80/a%20b/cart?id=7"],
  ["default port", "https://example.com:8443/", undefined],
  ["fragment", HOME, "https://example.com/#section-2"],
  ["fragment", "https://example.com/#/login", undefined],
  ["one letter percent-encoded", DEEP, "http://shop.example.com/%61%20b/cart?id=7"],
  ["one letter percent-encoded", HOME, undefined],
  ["tracking parameter", DEEP, `${DEEP}&utm_source=newsletter`],
  ["tracking parameter", HOME, "https://example.com/?utm_source=newsletter"],
  ["dot segments", DEEP, "http://shop.example.com/a/../a%20b/cart?id=7"],
  ["user name", DEEP, "http://google.com@shop.example.com/a%20b/cart?id=7"],
  ["user name", "https://someone@example.com/", undefined],
])("NEUTRAL_REWRITES %s of %s", (name, url, expected) => {
  const rewrite = NEUTRAL_REWRITES.find((candidate) => candidate.name === name);
  expect(rewrite?.apply(new URL(url))).toBe(expected);
});

test("NEUTRAL_REWRITES are ten, and all leave the canonical text as it is", () => {
  expect(NEUTRAL_REWRITES.length).toBe(10);
  for (const given of [DEEP, HOME, "https://login.example.co.uk/x/y.php", "https://example.io/a"]) {
    const texts = NEUTRAL_REWRITES.map((rewrite) => rewrite.apply(new URL(given)) ?? given);
    const canonical = new Set(texts.map((text) => canonicalise(text)?.text));
    expect([...canonical]).toEqual([canonicalise(given)?.text]);
  }
});

test("countFlips() counts the verdicts that change, and only those", async () => {
  // A model that looks at the length of what it is given: every added character counts.
  const score = async (urls: readonly string[]) => urls.map((url) => url.length / 100);
  const urls = ["https://example.com/abc", "https://example.com/a", "http://[broken"];
  const counts = await countFlips(urls, { score, threshold: 0.24 });
  const flips = new Map(counts.map((count) => [count.rewrite, [count.urls, count.flips]]));
  expect(flips.get("host in capitals")).toEqual([2, 0]);
  expect(flips.get("with or without trailing slash")).toEqual([2, 1]);
  expect(flips.get("fragment")).toEqual([2, 2]);
});

test("countFlips() takes a rewrite that the model refuses for a flip", async () => {
  const score = async (urls: readonly string[]) =>
    urls.map((url) => (url.includes("#") ? undefined : 0.9));
  const counts = await countFlips(["example.com/x"], { score, threshold: 0.5 });
  expect(counts.filter((count) => count.flips > 0).map((count) => count.rewrite)).toEqual([
    "fragment",
  ]);
});

test("withScheme() adds https where no scheme is written", () => {
  expect(withScheme("example.com:8080/x")?.href).toBe("https://example.com:8080/x");
  expect(withScheme("HTTP://example.com")?.href).toBe("http://example.com/");
  expect(withScheme("exa mple")).toBeUndefined();
});
