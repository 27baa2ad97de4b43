import { expect, test } from "bun:test";
import type { Card } from "./card.ts";
import {
  describeBand,
  describeNotUrls,
  describeShared,
  describeUse,
  listCautions,
} from "./cautions.ts";
import { CARD } from "./fixtures.ts";
import { renderModelCard } from "./markdown.ts";

const sharing = (shared: Card["data"]["shared"]): Card => ({
  ...CARD,
  data: { ...CARD.data, shared },
});
const deciding = (threshold: number, low: number): Card => ({
  ...CARD,
  threshold,
  unsure: { ...CARD.unsure, low, high: threshold },
});

test("listCautions() has nothing to say of a card of apart sites and a threshold between", () => {
  expect(listCautions(CARD)).toEqual([]);
  expect(listCautions(deciding(0.5, 0.499999))).toEqual([]);
});

test("describeShared() counts the training rows of sites that are in other sets", () => {
  expect(describeShared(sharing({ val: 43, test: 1036, holdout: 0 }))).toBe(
    "Of 5,000 training rows 43 share a site with val rows, 1,036 share a site with test rows; figures of such sites say little about new ones",
  );
});

test("describeNotUrls() tells of rows that were passed over", () => {
  const card: Card = { ...CARD, data: { ...CARD.data, notUrls: { train: 500, val: 0, test: 1 } } };
  const said = "Rows whose text is no URL were passed over: 500 of train, 1 of test";
  expect(describeNotUrls(card)).toBe(said);
  expect(listCautions(card)).toEqual([said]);
  expect(renderModelCard(card)).toContain(`- ${said}.`);
  // A card that did not count makes no claim.
  expect(describeNotUrls(CARD)).toBeUndefined();
});

test.each<[string, number, number, string]>([
  ["at its least", 0.000001, 0, "The threshold is 0.000001, its least"],
  ["0", 0, 0, "The threshold is 0, its least"],
  ["1", 1, 0.2, "The threshold is 1: no URL is called phishing"],
  ["where the band ends", 0.7, 0.7, "The unsure band is empty (0.7 to 0.7)"],
])("describeBand() warns of a threshold that is %s", (_, threshold, low, text) => {
  const card = deciding(threshold, low);
  expect(describeBand(card)).toStartWith(text);
  expect(renderModelCard(card)).toContain(text);
});

test("describeBand() tells both when both are so", () => {
  const text = describeBand(deciding(0.000001, 0.000001));
  expect(text).toContain("its least");
  expect(text).toContain("The unsure band is empty");
});

test("describeUse() warns of a model that is sure of nothing, or finds nothing", () => {
  const { val, test: tested } = CARD.metrics;
  const useless: Card = {
    ...CARD,
    metrics: {
      val: { ...val, sure: { coverage: 0, accuracy: 0 } },
      test: { ...tested, frozenTpr: { value: 0, low: 0, high: 0 } },
    },
  };
  expect(describeUse(CARD)).toBeUndefined();
  const said =
    "Every validation row is in the unsure band. The threshold finds no phishing of the test rows. What was learnt does not tell these rows apart";
  expect(describeUse(useless)).toBe(said);
  expect(listCautions(useless)).toContain(said);
  expect(renderModelCard(useless)).toContain(said);
});

const APART = "No site of the test rows is in the training rows.";
const HOLDOUT = "Holdout rows are meant to be of other sources or later months.";

test("renderModelCard() says that test sites are apart only when they are", () => {
  expect(renderModelCard(CARD)).toContain(APART);
  const leaky = renderModelCard(sharing({ val: 43, test: 36 }));
  expect(leaky).not.toContain(APART);
  expect(leaky).toContain("36 share a site with test rows");
  const held = renderModelCard(sharing({ test: 0, holdout: 1 }));
  expect(held).toContain(APART);
  expect(held).toContain("1 shares a site with holdout rows");
  // A card that did not count makes no claim.
  expect(renderModelCard(sharing({}))).not.toContain(APART);
});

test("renderModelCard() speaks of a holdout only when there was one", () => {
  expect(renderModelCard(CARD)).toContain(HOLDOUT);
  const { val, test: figures } = CARD.metrics;
  const without = renderModelCard({
    ...CARD,
    metrics: { val, test: figures },
    slices: { test: [] },
  });
  expect(without).toContain(APART);
  expect(without).not.toMatch(/holdout (rows|is|hold)/i);
  expect(without).toContain("Test rows are of all sources.");
});
