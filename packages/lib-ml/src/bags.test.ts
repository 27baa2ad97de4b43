import { describe, expect, test } from "bun:test";
import { canonicalise } from "./canonicalise.ts";
import { featurise, type TracedFeature, traceFeatures } from "./featurise.ts";
import { BAGS } from "./table.ts";

/** The features of each bag of a URL. */
function readBags(url: string): readonly (readonly TracedFeature[])[] {
  const canonical = canonicalise(url);
  if (canonical === undefined) throw new Error(`Cannot read bags: "${url}" is no URL`);
  const traced = traceFeatures(url);
  const { ends } = featurise(canonical);
  return Array.from(ends, (end, bag) => traced.slice(bag === 0 ? 0 : ends[bag - 1], end));
}

const namesOf = (bag: readonly TracedFeature[] | undefined) => [
  ...new Set(bag?.filter(({ kind }) => kind === "token").map(({ name }) => name)),
];
/** The first place of the URL that the grams of a bag begin at, and the last. */
function placesOf(bag: readonly TracedFeature[] | undefined): readonly number[] {
  const starts = bag?.filter(({ kind }) => kind === "gram").map(({ start }) => start) ?? [];
  return starts.length === 0 ? [] : [Math.min(...starts), Math.max(...starts)];
}

describe("featurise() divides", () => {
  const url = "my.shop.example.co.uk/login/a.php?id=12&ok";
  const bags = readBags(url);
  const at = (text: string) => url.indexOf(text);

  test("a URL into as many bags as it says", () => {
    expect(bags).toHaveLength(BAGS);
    expect(bags.flat()).toEqual([...traceFeatures(url)]);
  });

  test.each([
    ["subdomains", 0, 0, at(".example")],
    ["registered label", 1, at(".example") + 1, at(".co.uk") - 1],
    ["suffix", 2, at(".co.uk"), at("/login") - 1],
    ["path", 6, at("/login"), at("?") - 1],
    ["query", 8, at("id="), url.length - 1],
  ])("its grams by where they begin: %s", (_, bag, first, last) => {
    expect(placesOf(bags[bag])).toEqual([first, last]);
  });

  test.each([
    ["subdomains", 3, ["my", "shop"]],
    ["registered label and suffix", 4, ["example", "co", "uk"]],
    ["names of the host", 5, ["co.uk", "example.co.uk", "example", "my.shop"]],
    ["path", 7, ["login", "a", "php", "/login", "/a.php"]],
    ["query", 9, ["id", "12", "ok"]],
  ])("its words by where they stand: %s", (_, bag, names) => {
    expect(namesOf(bags[bag])).toEqual(names);
  });

  test("its measures from all else", () => {
    expect(new Set(bags[10]?.map(({ kind }) => kind))).toEqual(new Set(["lexical"]));
    expect(
      bags
        .slice(0, 10)
        .flat()
        .some(({ kind }) => kind === "lexical"),
    ).toBe(false);
  });

  test.each([
    ["a bare site", "example.com", [1, 2, 4, 5, 10]],
    ["a bare suffix", "github.io", [1, 4, 5, 10]],
    ["an address", "192.0.2.7/a", [1, 2, 4, 6, 7, 10]],
    ["a site and a query", "example.com?a=b", [1, 2, 4, 5, 8, 9, 10]],
  ])("and leaves empty what %s does not have", (_, text, filled) => {
    const having = readBags(text).flatMap((bag, place) => (bag.length > 0 ? [place] : []));
    expect(having).toEqual(filled);
  });
});
