import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CONTRACT, canonicalise, featurise, traceFeatures } from "@hookline/lib-ml";
import fc from "fast-check";
import { loadModel } from "../model/load-model.ts";
import type { Model } from "../model/model.ts";
import { runBags } from "../model/run-bags.ts";
import { buildWarmUp } from "../warm-up.ts";
import { checkUrl } from "./check-url.ts";
import { explain } from "./explain.ts";
import { splitParts } from "./parts.ts";

const ROOM = join(import.meta.dirname, "../..");
const URLS = [
  "http://paypal-login.example.net/verify?id=1",
  "HTTPS://User@WWW.Example.ORG:8443/a/../b%2Fc/?utm_source=x&q=%C3%A9#/route",
  "xn--pypal-4ve.com/log in/é/🦊?x=🦊",
  "http://0x7f.1/",
  `http://example.org/${"aB3-".repeat(500)}`,
];

async function open(folder: string): Promise<Model> {
  return await loadModel(join(ROOM, folder), { contract: CONTRACT, warmUp: buildWarmUp() });
}

async function explainUrl(model: Model, url: string) {
  const bag = featurise(checkUrl(url));
  const { logit } = await runBags(model, [bag], 1);
  const { explanation } = await explain(model, url, bag);
  expect(explanation.logit).toBe(Number(logit[0]));
  for (const part of explanation.parts) {
    expect(part.text).toBe(url.slice(part.start, part.end));
    expect(part.text.isWellFormed()).toBe(true);
  }
  const starts = explanation.parts.map(({ start }) => start);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  return explanation;
}

function isTaken(url: string): boolean {
  return url.length <= 2048 && canonicalise(url) !== undefined;
}

const sum = (values: readonly { readonly weight: number }[]) =>
  values.reduce((total, { weight }) => total + weight, 0);

const LINEAR = ["testdata/linear", "models/v1"].filter((name) => existsSync(join(ROOM, name)));
const BAG = ["testdata/wide-bag", "models/v2"].filter((name) => existsSync(join(ROOM, name)));

describe.each(LINEAR)("explain() of %s", (folder) => {
  test("has parts, lexical weights and a bias that add up to the logit", async () => {
    const model = await open(folder);
    for (const url of URLS) {
      const explanation = await explainUrl(model, url);
      expect(explanation.method).toBe("exact");
      const total = sum(explanation.parts) + sum(explanation.lexical) + explanation.bias;
      expect(Math.abs(total - explanation.logit)).toBeLessThan(1e-5);
    }
    await model.release();
  }, 120_000);

  test("adds up for any URL", async () => {
    const model = await open(folder);
    const check = async (url: string) => {
      const { logit, bias, parts, lexical } = await explainUrl(model, url);
      expect(Math.abs(sum(parts) + sum(lexical) + bias - logit)).toBeLessThan(1e-5);
    };
    const Url = fc.webUrl({ withQueryParameters: true, withFragments: true, size: "medium" });
    await fc.assert(fc.asyncProperty(Url.filter(isTaken), check), {
      numRuns: 100,
    });
    await model.release();
  }, 120_000);
});

describe.each(BAG)("explain() of %s", (folder) => {
  test("gives for each piece what the logit loses without it", async () => {
    const model = await open(folder);
    for (const url of URLS) {
      const { method, bias, logit, parts, lexical } = await explainUrl(model, url);
      expect(method).toBe("occlusion");
      expect(parts.length).toBeLessThanOrEqual(48);
      expect(parts.length + lexical.length).toBeGreaterThan(1);
      expect([bias, logit, ...parts.map(({ weight }) => weight)].every(Number.isFinite)).toBe(true);
    }
    await model.release();
  }, 120_000);

  test("leaves out exactly the features of the piece", async () => {
    const model = await open(folder);
    const [url = ""] = URLS;
    const bag = featurise(checkUrl(url));
    const { parts, logit } = await explainUrl(model, url);
    const part = parts.find(({ text }) => text === "/verify");
    const features = traceFeatures(url);
    const kept = features.flatMap(({ start, end }, at) =>
      start < Number(part?.end) && end > Number(part?.start) ? [] : [at],
    );
    const ids = Int32Array.from(kept, (at) => Number(bag.ids[at]));
    const ends = bag.ends.map((end) => kept.filter((at) => at < end).length);
    expect(ids.length).toBeLessThan(bag.ids.length);
    const left = await model.run([{ ids, ends, scale: 1 / Math.sqrt(ids.length) }]);
    expect(part?.weight).toBeCloseTo(logit - Number(left.logit[0]), 6);
    await model.release();
  }, 120_000);
});

test.each([...LINEAR, ...BAG].map((folder) => [folder] as const))(
  "explain() of %s gives each measure a name of its own",
  async (folder) => {
    const model = await open(folder);
    for (const url of [...URLS, "http://example.org/verify", "http://example.org/?=1&&=2"]) {
      const names = (await explainUrl(model, url)).lexical.map(({ name }) => name);
      expect(names).not.toContain("");
      expect(new Set(names).size).toBe(names.length);
    }
    await model.release();
  },
);

test.each([
  ["http://paypal-login.example.net/verify", ["paypal", "-login", ".example", ".net", "/verify"]],
  ["http://a.example/x/?id=1&next=/b/", ["a", ".example", "/x", "id=", "1", "&next=/", "b"]],
  ["http://a.example/--x----y", ["a", ".example", "/--x", "----", "y"]],
  ["http://a.example/x-?y=-", ["a", ".example", "/x-", "y=-"]],
  [
    "http://a.example/x%20y/%zz?q=%C3%A9&r=%",
    ["a", ".example", "/x%20y", "/%zz", "q=", "%C3%A9", "&r=%"],
  ],
  ["http://a.example/?=", ["a", ".example", "="]],
])("splitParts() leaves no lone separator beside a word: %s", (url, texts) => {
  const parts = splitParts(url, traceFeatures(url));
  expect(parts.map(({ text }) => text)).toEqual(texts);
  expect(parts.map(({ start, end }) => url.slice(start, end))).toEqual(texts);
});

test("splitParts() joins neighbours of a segment until they are few enough", () => {
  const url = `http://a.example/${"x/".repeat(900)}?${"y=1&".repeat(50)}`;
  const features = traceFeatures(url);
  const all = splitParts(url, features);
  const few = splitParts(url, features, 48);
  expect(all.length).toBeGreaterThan(100);
  expect(few.length).toBeLessThanOrEqual(48);
  expect(few.at(-1)?.end).toBe(Number(all.at(-1)?.end));
  expect(new Set(few.map(({ segment }) => segment))).toEqual(new Set(["host", "path", "query"]));
});
