import { expect, test } from "bun:test";
import { countByName, listSlices, SLICE_NAMES } from "./slices.ts";

test.each<[string, readonly string[]]>([
  ["example.com", [".com", "length 1–20", "home page"]],
  ["https://www.example.com/", [".com", "length 1–20", "home page"]],
  ["example.org/a", [".org", "length 1–20", "path, no query"]],
  ["example.com.cn/shop?id=1", [".cn", "length 21–40", "query"]],
  ["192.0.2.7/x", ["length 1–20", "IP address as host", "path, no query"]],
  ["bit.ly/3abc", ["other country TLD", "length 1–20", "link shortener", "path, no query"]],
  ["someone.github.io", [".io", "length 1–20", "free hosting", "home page"]],
  ["github.io", [".io", "length 1–20", "home page"]],
  [
    "example.shop/sign-in",
    ["other generic TLD", "length 1–20", "login or account path", "path, no query"],
  ],
  ["example.net/a?next=login", [".net", "length 21–40", "login or account path", "query"]],
  ["example.ru/SignIn", [".ru", "length 1–20", "login or account path", "path, no query"]],
  ["example.de/blogging", ["other country TLD", "length 1–20", "path, no query"]],
  ["xn--80ak6aa92e.com", [".com", "length 1–20", "punycode host", "home page"]],
  [`example.dev/${"a".repeat(160)}`, [".dev", "length > 160", "path, no query"]],
  ["not a url", []],
])("listSlices() puts %s in its slices", (url, expected) => {
  expect(listSlices(url)).toEqual([...expected]);
});

test("listSlices() names only slices of the list", () => {
  const known = new Set(SLICE_NAMES);
  expect(listSlices("example.cn/login?x=1").filter((name) => !known.has(name))).toEqual([]);
});

test("countByName() counts each class with what was flagged, in the order given", () => {
  const rows = [
    { label: 1, names: ["a", "b"], flagged: true },
    { label: 1, names: ["a"], flagged: false },
    { label: 0, names: ["a"], flagged: true },
    { label: 0, names: ["c"], flagged: false },
  ] as const;
  expect(countByName(rows, ["b", "a"])).toEqual([
    { name: "b", legitimate: { rows: 0, flagged: 0 }, phishing: { rows: 1, flagged: 1 } },
    { name: "a", legitimate: { rows: 1, flagged: 1 }, phishing: { rows: 2, flagged: 1 } },
    { name: "c", legitimate: { rows: 1, flagged: 0 }, phishing: { rows: 0, flagged: 0 } },
  ]);
});
