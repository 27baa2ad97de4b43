import { describe, expect, test } from "bun:test";
import { chooseSources, isAllowedAddress, parseSources, readSources } from "./source.ts";

const GOOD = {
  name: "list",
  label: "phishing",
  role: "train",
  address: "https://lists.example/a.txt",
  commit: "0123456789".repeat(4),
  date: "2026-08-22",
  extract: { kind: "list" },
  licence: "CC0",
  commercialUse: "yes",
};

describe("the list that comes with the program", () => {
  const reading = readSources(`${import.meta.dir}/sources.json`);

  test("is pinned: every address holds its commit, every plain file has a checksum or a reason", async () => {
    for (const source of await reading) {
      expect(source.address).toContain(source.commit);
      // The one file that was too large to be read when the list was made.
      const isPinned = source.sha256 !== undefined || source.files !== undefined;
      expect([source.name, isPinned]).toEqual([source.name, source.name !== "phishing_database"]);
    }
  });

  test("names those that forbid commercial use, and holds whole sources out", async () => {
    const sources = await reading;
    const named = (pick: (source: (typeof sources)[number]) => boolean) =>
      sources.filter(pick).map((source) => source.name);
    expect(named((source) => source.commercialUse === "no")).toEqual([
      "openphish",
      "citizenlab",
      "openbanking",
    ]);
    expect(named((source) => source.role === "holdout")).toEqual([
      "tweetfeed",
      "hannousse",
      "malicious_phish",
      "luca_web",
      "devportfolios",
    ]);
  });
});

test.each([
  ["an address without https", { address: "http://lists.example/a" }, "0.address: must be https"],
  ["no address", { address: "lists" }, "0.address"],
  ["a commit cut short", { commit: "0123456" }, "0.commit: must be a full commit"],
  ["a wrong checksum", { sha256: "abc" }, "0.sha256: must be 64 hexadecimal digits"],
  ["a name that is a path", { name: "../x" }, "0.name: must be 1 to 40 of a-z, 0-9 and _"],
  ["an unknown format", { extract: { kind: "xlsx" } }, "0.extract.kind"],
  ["an unknown field", { url: "x" }, 'Unrecognized key: "url"'],
  ["both labels without a column", { label: "both" }, '0.label: label "both" needs extract.labels'],
])("parseSources() refuses %s", (_, change, message) => {
  const parse = () => parseSources(JSON.stringify([{ ...GOOD, ...change }]), "my.json");
  expect(parse).toThrow('Cannot use the source list "my.json"');
  expect(parse).toThrow(message);
});

test.each([
  ["no JSON", "[", "not JSON"],
  ["no list", "{}", "list: "],
  ["an empty list", "[]", "list: "],
  ["one name twice", JSON.stringify([GOOD, GOOD]), "two have the same name"],
])("parseSources() refuses %s", (_, text, message) => {
  expect(() => parseSources(text, "my.json")).toThrow(message);
});

test("chooseSources() keeps the order, and says which names there are", () => {
  const all = parseSources(JSON.stringify([GOOD, { ...GOOD, name: "other" }]), "my.json");
  expect(chooseSources(all, ["other", "list"]).map(({ name }) => name)).toEqual(["list", "other"]);
  expect(chooseSources(all, undefined)).toBe(all);
  expect(() => chooseSources(all, ["lists"])).toThrow(
    'Cannot find source "lists"; known: list, other',
  );
});

test.each([
  ["https://a.example/", true],
  ["http://127.0.0.1:8080/", true],
  ["http://localhost/", true],
  ["http://a.example/", false],
  ["http://127.0.0.1.a.example/", false],
  ["file:///etc/passwd", false],
  ["ftp://127.0.0.1/", false],
])("isAllowedAddress(%s) is %p", (address, expected) => {
  expect(isAllowedAddress(address)).toBe(expected);
});
