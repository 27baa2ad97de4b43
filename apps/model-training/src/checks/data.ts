// Is the data fit to learn from and to measure with? (S56)
import { canonicalise } from "@hookline/lib-ml";
import type { Row } from "../dataset.ts";
import { expectThat, type Finding, percent } from "./finding.ts";

/** A single fact about a URL; a rule on one such bit must not do the model's work. */
const BITS: Readonly<Record<string, (url: string, host: string) => boolean>> = {
  "scheme is https": (url) => url.startsWith("https://"),
  "has a scheme": (url) => url.includes("://"),
  "starts with www": (url) => /^(?:https?:\/\/)?www\./.test(url),
  "ends with a slash": (url) => url.endsWith("/"),
  "no path": (url) => !/[/?]/.test(url.replace(/^https?:\/\//, "").replace(/\/$/, "")),
  "has a query": (url) => url.includes("?"),
  "three dots in the host": (_, host) => host.split(".").length > 3,
  "digit in the host": (_, host) => /\d/.test(host),
  "hyphen in the host": (_, host) => host.includes("-"),
  "longer than 60": (url) => url.length > 60,
  "ends in .com": (_, host) => host.endsWith(".com"),
};

/** What one bit may get right: more is an artefact of how the data was collected. */
const MOST_ONE_BIT = 0.65;

export interface OneBit {
  readonly bit: string;
  /** Balanced accuracy of the better of "phishing if the bit" and "phishing if not". */
  readonly accuracy: number;
}

/** How well each single bit tells the classes apart. */
export function measureOneBits(rows: Iterable<Row>): readonly OneBit[] {
  const names = Object.keys(BITS);
  const set = new Map<string, [number, number]>(names.map((name) => [name, [0, 0]]));
  const total: [number, number] = [0, 0];
  for (const { label, url } of rows) {
    const host = canonicalise(url)?.host ?? "";
    total[label] += 1;
    for (const [name, holds] of Object.entries(BITS)) {
      const counts = set.get(name);
      if (counts !== undefined && holds(url, host)) counts[label] += 1;
    }
  }
  return names.map((bit) => {
    const [legitimate = 0, phishing = 0] = set.get(bit) ?? [];
    const accuracy = (phishing / total[1] + 1 - legitimate / total[0]) / 2;
    return { bit, accuracy: Math.max(accuracy, 1 - accuracy) };
  });
}

/** Complains of every bit that tells the classes apart by itself. */
export function checkOneBits(rows: Iterable<Row>): readonly Finding[] {
  return measureOneBits(rows).flatMap(({ bit, accuracy }) =>
    expectThat(
      accuracy <= MOST_ONE_BIT,
      "one bit",
      `"${bit}" alone is right in ${percent(accuracy)}; at most ${percent(MOST_ONE_BIT)} is fit`,
    ),
  );
}

/** The share of rows whose site may be in another set: what differing public suffix lists explain. */
const MOST_SHARED = 0.001;

/** Complains when rows that measure are of sites that were learnt from. */
export function checkDisjoint(
  rows: number,
  shared: Readonly<Record<string, number>>,
): readonly Finding[] {
  return Object.entries(shared).flatMap(([name, count]) =>
    expectThat(
      count / rows <= MOST_SHARED,
      "disjoint sites",
      `${count} of ${rows} training rows ${count === 1 ? "is" : "are"} of sites of ${name}`,
    ),
  );
}

/** Complains of URLs with both labels, of repeated rows, and of text that is no URL. */
export function checkRows(rows: readonly Row[]): readonly Finding[] {
  const labels = new Map<string, number>();
  let [repeated, contradicted, notUrls] = [0, 0, 0];
  for (const { label, url } of rows) {
    const text = canonicalise(url)?.text;
    if (text === undefined) {
      notUrls += 1;
      continue;
    }
    const before = labels.get(text);
    if (before === label) repeated += 1;
    else if (before !== undefined) contradicted += 1;
    labels.set(text, label);
  }
  const share = (count: number) => count / rows.length;
  return [
    ...expectThat(
      share(contradicted) <= 0.001,
      "labels",
      contradicted === 1 ? "1 URL has both labels" : `${contradicted} URLs have both labels`,
    ),
    ...expectThat(
      share(repeated) <= 0.01,
      "repeated rows",
      repeated === 1 ? "1 row is repeated" : `${repeated} rows are repeated`,
    ),
    ...expectThat(
      share(notUrls) <= 0.001,
      "not URLs",
      notUrls === 1 ? "1 row is no URL" : `${notUrls} rows are no URLs`,
    ),
  ];
}
