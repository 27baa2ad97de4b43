import { expect, test } from "bun:test";
import { siteOf, splitOf } from "./site.ts";

test("splitOf() gives train eight sites of ten, val and test one each", () => {
  const counts = { train: 0, val: 0, test: 0 };
  for (let at = 0; at < 20_000; at += 1) counts[splitOf(`site-${at}.example`)] += 1;
  // Three standard deviations of 20,000 draws are 0.8 and 0.6 points.
  expect(counts.train / 20_000).toBeWithin(0.791, 0.809);
  expect(counts.val / 20_000).toBeWithin(0.093, 0.107);
  expect(counts.test / 20_000).toBeWithin(0.093, 0.107);
});

test.each([
  ["a.b.example.co.uk", "example.co.uk", undefined],
  ["someone.github.io", "someone.github.io", "github.io"],
  ["x.someone.vercel.app", "someone.vercel.app", "vercel.app"],
  ["192.0.2.1", "192.0.2.1", undefined],
])("siteOf() of %s is %s", (host, domain, platform) => {
  expect(siteOf(host)).toMatchObject({ domain, platform });
});
