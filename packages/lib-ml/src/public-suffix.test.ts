import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parse } from "tldts";
import {
  edgeChild,
  edgeLength,
  edgeStart,
  exceptionsRoot,
  labelText,
  nodeFlags,
  rulesRoot,
} from "tldts/src/data/trie.ts";
import { findSuffix } from "./public-suffix.ts";

const OPTIONS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false };

/** The suffix and whether it is private, as tldts itself looks them up. */
function ask(host: string) {
  const { publicSuffix, isPrivate } = parse(host, OPTIONS);
  return `${publicSuffix} ${isPrivate}`;
}

function answer(host: string): string {
  const { start, isPrivate } = findSuffix(host);
  return `${host.slice(start)} ${isPrivate}`;
}

/** Every rule of the list as it is written, wildcards and all. */
function* listRules(node: number, name: string): Generator<string> {
  let offset = 0;
  for (let edge = 0; edge < (edgeStart[node] ?? 0); edge += 1) offset += edgeLength[edge] ?? 0;
  for (let edge = edgeStart[node] ?? 0; edge < (edgeStart[node + 1] ?? 0); edge += 1) {
    const label = labelText.slice(offset, offset + (edgeLength[edge] ?? 0));
    offset += edgeLength[edge] ?? 0;
    const child = edgeChild[edge] ?? 0;
    const rule = name === "" ? label : `${label}.${name}`;
    if (nodeFlags[child] !== 0) yield rule;
    yield* listRules(child, rule);
  }
}

const RULES = [...listRules(rulesRoot, ""), ...listRules(exceptionsRoot, "")];

describe("findSuffix() gives what tldts gives", () => {
  test("for each rule of the list and the names below it", () => {
    const hosts = RULES.flatMap((rule) =>
      ["*", "x", ""].map((label) => rule.replace("*", label)),
    ).flatMap((name) => ["", "a.", "a.b-1."].map((front) => front + name));
    expect(hosts.length).toBeGreaterThan(50_000);
    expect(hosts.map(answer)).toEqual(hosts.map(ask));
  });

  // "o4a" and "1lg" have the hash of "org", and "us.org" is a rule.
  test.each(["us.o4a", "a.us.o4a", "a.us.1lg"])("for labels of one hash: %s", (host) => {
    expect(answer(host)).toBe(ask(host));
  });

  const word = fc.oneof(
    fc.constantFrom(...RULES.flatMap((rule) => rule.split("."))),
    fc.stringMatching(/^[a-z0-9_-]{0,8}$/),
  );
  const host = fc
    .array(word, { maxLength: 6 })
    .map((labels) => labels.join("."))
    .filter((text) => !/\.$|^[\da-f.]*$/.test(text));

  test("for any labels one after another", () => {
    fc.assert(
      fc.property(host, (text) => {
        expect(answer(text)).toBe(ask(text));
      }),
      { numRuns: 5000 },
    );
  });
});
