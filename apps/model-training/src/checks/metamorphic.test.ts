import { expect, test } from "bun:test";
import { countFlips } from "../evaluate/rewrites.ts";
import { checkDisguises, checkFlips } from "./metamorphic.ts";

const URLS = Array.from({ length: 50 }, (_, at) => `shop-${at}.example/a/b${at}`);

/** A model that answers by the canonical idea of a URL: what is left when spelling is taken away. */
const steady = async (urls: readonly string[]) =>
  urls.map((url) => (/shop-\d*[02468]\./i.test(url) ? 0.9 : 0.1));

test.each<[string, (urls: readonly string[]) => Promise<readonly number[]>, readonly string[]]>([
  ["nothing in a steady model", steady, []],
  [
    "a model that looks at capitals",
    async (urls) => urls.map((url) => (/[A-Z]{3}/.test(url) ? 0.9 : 0.1)),
    ["host in capitals"],
  ],
  [
    "a model that looks at the scheme",
    async (urls) => urls.map((url) => (url.startsWith("http:") ? 0.9 : 0.1)),
    ["http for https"],
  ],
  [
    "a model that looks at length",
    async (urls) => urls.map((url) => (url.length > 36 ? 0.9 : 0.1)),
    ["fragment", "tracking parameter"],
  ],
  [
    "a model that refuses user names",
    async (urls) => urls.map((url) => (url.includes("@") ? 0.9 : 0.1)),
    ["user name"],
  ],
])("checkFlips() finds %s", async (_, score, rewrites) => {
  const findings = checkFlips(await countFlips(URLS, { score, threshold: 0.5 }), 0.0005);
  const named = findings.map((finding) => finding.message.split(":")[0] ?? "");
  for (const rewrite of rewrites) expect(named).toContain(rewrite);
  expect(named.length > 0).toBe(rewrites.length > 0);
});

test("checkFlips() finds that nothing was tried", () => {
  expect(checkFlips([], 0.0005)).toEqual([
    { check: "neutral rewrite", message: "no URL was rewritten" },
  ]);
});

test.each<[string, readonly (readonly [number, number])[], number]>([
  [
    "nothing when alarms stay",
    [
      [0.9, 0.95],
      [0.8, 0.7],
    ],
    0,
  ],
  [
    "nothing when an alarm comes",
    [
      [0.9, 0.9],
      [0.1, 0.9],
    ],
    0,
  ],
  [
    "alarms that go",
    [
      [0.9, 0.1],
      [0.8, 0.9],
    ],
    1,
  ],
  ["that there was no alarm", [[0.1, 0.9]], 1],
])("checkDisguises() finds %s", (_, pairs, count) => {
  const disguises = pairs.map(([before, after]) => ({ before, after }));
  const findings = checkDisguises(disguises, { threshold: 0.5, most: 0.1 });
  expect(findings.map((finding) => finding.check)).toEqual(new Array(count).fill("disguise"));
});
