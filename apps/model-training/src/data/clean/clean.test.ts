import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { canon } from "./canon.ts";
import { clean } from "./clean.ts";
import { hideMail } from "./mail.ts";

describe("canon()", () => {
  test.each([
    ["scheme and www", "HTTPS://WWW.Example.COM/", "example.com"],
    ["www only while a name is left", "http://www.www.a.example/", "a.example"],
    ["a site that is called www", "http://www.com/x", "www.com/x"],
    ["default ports and trailing slashes", "http://a.example:80//", "a.example"],
    ["another port", "a.example:8080/x", "a.example:8080/x"],
    ["the case of the path is kept", "http://A.example/Path/?Q=1#F", "a.example/Path/?Q=1#F"],
    ["a query after the host", "http://a.example?q", "a.example/?q"],
    ["a fragment after the host", "http://a.example#f", "a.example/#f"],
    ["a dot after the host", "http://a.example./x", "a.example/x"],
    ["masks", ' "hxxps://a[.]example/x" ', "a.example/x"],
    ["entities, also doubled", "a.example/?x=1&amp;y=2&amp;amp;z=3", "a.example/?x=1&y=2&z=3"],
    ["names outside ASCII", "https://münchen.example/straße", "xn--mnchen-3ya.example/stra%C3%9Fe"],
    [
      "userinfo stays, it is a sign",
      "http://bank.example%2f@evil.example/x",
      "bank.example%2f@evil.example/x",
    ],
    ["an IPv4 address", "http://10.0.0.1:81/a", "10.0.0.1:81/a"],
    ["another scheme", "ftp://a.example/", undefined],
    ["one label", "http://localhost/", undefined],
    ["not an address", "http://256.1.1.1/", undefined],
    ["an empty label", "http://a..example/", undefined],
    ["a space", "http://exa mple.com/", undefined],
    ["a control character", "http://a.example/\u0000", undefined],
    ["half a surrogate pair", "http://a.example/\uD800", undefined],
    ["a port that is no number", "http://a.example:abc/", undefined],
    ["a port over 65535", "http://a.example:65536/", undefined],
    ["IPv6", "http://[::1]/", undefined],
    ["nothing", "", undefined],
    ["2,041 characters", `a.example/${"x".repeat(2031)}`, undefined],
    ["2,041 characters when encoded", `a.example/${"ß".repeat(400)}`, undefined],
  ])("%s", (_, text, expected) => {
    expect(canon(text)?.url).toBe(expected);
  });

  // 291 pairs that another program settled.
  const vectors = join(import.meta.dir, "../../../../../../shared/data/canon_vectors.tsv");
  test.skipIf(!existsSync(vectors))("gives the form of every pair of canon_vectors.tsv", () => {
    const lines = readFileSync(vectors, "utf8").split("\n");
    const pairs = lines.filter((line) => line.includes("\t")).map((line) => line.split("\t"));
    const wrong = pairs.filter(
      ([text = "", expected = ""]) => (canon(text)?.url ?? "") !== expected,
    );
    expect(pairs.length).toBe(291);
    expect(wrong).toEqual([]);
  });
  if (!existsSync(vectors)) process.stderr.write("skipped: canon_vectors.tsv is not here\n");

  test("never throws, gives nothing a row cannot hold, and its form is final", () => {
    const part = fc.oneof(
      fc.string(),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(part, (text) => {
        const once = canon(text)?.url;
        if (once === undefined) return;
        expect(once).toMatch(/^[\x21-\x7e]{1,2040}$/);
        expect(canon(once)?.url).toBe(once);
      }),
      { numRuns: 400 },
    );
  }, 120_000);
});

describe("clean()", () => {
  test.each([
    ["an address", "http://a.example/x?y=1", { cutToSite: false }, "a.example/x?y=1"],
    [
      "a feed, where the site is wanted",
      "http://a.example/feed.xml",
      { cutToSite: true },
      "a.example",
    ],
    ["masked values", "http://a.example/?x=*&y=**#z", { cutToSite: false }, "a.example/?x=&y=#z"],
    ["a shortener", "https://bit.ly/3x", { cutToSite: false }, "shortener"],
    ["a picture", "http://a.example/b.JPG?w=1", { cutToSite: false }, "picture or feed"],
    ["a feed", "http://a.example/blog/feed/", { cutToSite: false }, "picture or feed"],
    ["no address", "see above", { cutToSite: false }, "not an address"],
  ])("%s", (_, text, options, expected) => {
    const result = clean(text, options);
    expect(result.kind === "kept" ? result.cleaned.url : result.why).toBe(expected);
  });
});

describe("hideMail()", () => {
  test.each([
    ["in a query", "/x?email=victim@firm.example", /^\/x\?email=[a-z]+@example\.(com|net|org)$/],
    ["encoded", "/x?e=victim%40firm.example&y=1", /^\/x\?e=[a-z]+%40example\.(com|net|org)&y=1$/],
    ["in the fragment", "/#victim.name@firm.co.example", /^\/#[a-z]+@example\.(com|net|org)$/],
    ["a mask of a feed", "/x?e=3mail@b.c", /^\/x\?e=[a-z]+@example\.(com|net|org)$/],
    ["two of them", "/a@b.example/c@d.example", /^\/[a-z]+@example\.\w+\/[a-z]+@example\.\w+$/],
    ["none", "/x?a=b", /^\/x\?a=b$/],
    ["a lone @", "/@user/x", /^\/@user\/x$/],
  ])("%s", (_, tail, expected) => {
    expect(hideMail(tail)).toMatch(expected);
    expect(hideMail(tail)).not.toContain("victim");
  });

  test("gives the same address the same name, and others others", () => {
    expect(hideMail("/a@b.example")).toBe(hideMail("/A@B.example"));
    const names = Array.from({ length: 2000 }, (_, i) => hideMail(`/${i}@b.example`));
    expect(new Set(names).size).toBeGreaterThan(1000);
  });
});
