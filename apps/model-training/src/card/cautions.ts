// What a reader must know before trusting the figures of a card: rows that were trained on and
// measured with, rows that were not read, a threshold that decides nothing. Said in the card and when the model is made.
import type { Card } from "./card.ts";

const whole = (value: number) => value.toLocaleString("en");

/** How many training rows are of sites that are also in other sets; undefined when none are. */
export function describeShared({ data: { shared, trainRows } }: Card): string | undefined {
  const parts = Object.entries(shared)
    .filter(([, rows]) => rows > 0)
    .map(
      ([set, rows]) => `${whole(rows)} ${rows === 1 ? "shares" : "share"} a site with ${set} rows`,
    );
  if (parts.length === 0) return undefined;
  return `Of ${whole(trainRows)} training rows ${parts.join(", ")}; figures of such sites say little about new ones`;
}

/** How many rows were passed over because their text is no URL; undefined when none were. */
export function describeNotUrls({ data: { notUrls = {} } }: Card): string | undefined {
  const parts = Object.entries(notUrls)
    .filter(([, rows]) => rows > 0)
    .map(([set, rows]) => `${whole(rows)} of ${set}`);
  if (parts.length === 0) return undefined;
  return `Rows whose text is no URL were passed over: ${parts.join(", ")}`;
}

/** The probabilities of a card have six digits: from 1 on none is reached, below this all are. */
const LEAST = 0.000001;

/** Why threshold and unsure band decide nothing; undefined when they do. */
export function describeBand({ threshold, unsure: { low, high } }: Card): string | undefined {
  const parts = [
    ...(threshold <= LEAST
      ? [`The threshold is ${threshold}, its least: nearly every URL is called phishing`]
      : []),
    ...(threshold >= 1 ? [`The threshold is ${threshold}: no URL is called phishing`] : []),
    ...(low >= high ? [`The unsure band is empty (${low} to ${high}): no answer is unsure`] : []),
  ];
  if (parts.length === 0) return undefined;
  return `${parts.join(". ")}. The validation rows are too easy, or too few, to choose by`;
}

/** Why the model is of no use on what it was measured on; undefined when it is. */
export function describeUse({ metrics: { val, test } }: Card): string | undefined {
  const parts = [
    ...(val.sure.coverage === 0 ? ["Every validation row is in the unsure band"] : []),
    ...(test.frozenTpr.value === 0 ? ["The threshold finds no phishing of the test rows"] : []),
  ];
  if (parts.length === 0) return undefined;
  return `${parts.join(". ")}. What was learnt does not tell these rows apart`;
}

/** All of these, one sentence or two each. */
export function listCautions(card: Card): readonly string[] {
  return [
    describeShared(card),
    describeNotUrls(card),
    describeBand(card),
    describeUse(card),
  ].filter((text) => text !== undefined);
}
