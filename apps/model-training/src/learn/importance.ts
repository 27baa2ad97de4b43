import { type CanonicalUrl, canonicalise } from "@hookline/lib-ml";
import { parse } from "tldts";
import { hash, SALT } from "../data/hash.ts";
import type { Row } from "../dataset.ts";
import { siteOf } from "../evaluate/site.ts";

const SUFFIX_OPTIONS = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
};
const LOGIN = /login|log-in|signin|sign-in|account|auth|password|secure/i;
/** No row counts more: what a few hundred rows say would outweigh what is said by all others. */
const MOST = 3;

/** Sorts of URLs of which lists of links hold far fewer legitimate ones than there are in life. */
const SCARCE: readonly ((url: CanonicalUrl) => boolean)[] = [
  ({ host }) => parse(host, SUFFIX_OPTIONS).isPrivate === true,
  ({ host, path, query }) => LOGIN.test(host) || LOGIN.test(path) || LOGIN.test(query),
  ({ host }) => host.endsWith(".cn"),
];

/** How much a row counts. */
export type Importance = (url: CanonicalUrl, label: 0 | 1) => number;

/** Is shown every training row once, then says how much each counts. */
export interface Census {
  count(url: CanonicalUrl, label: 0 | 1): void;
  weigh(): Importance;
}

/** Shows training rows to some censuses; gives the product of what they say. */
export async function weighRows(
  rows: AsyncIterable<Row>,
  censuses: readonly Census[],
): Promise<Importance> {
  for await (const { url, label } of rows) {
    const canonical = canonicalise(url);
    if (canonical === undefined) continue;
    for (const census of censuses) census.count(canonical, label);
  }
  const importances = censuses.map((census) => census.weigh());
  return (url, label) =>
    importances.reduce((product, importanceOf) => product * importanceOf(url, label), 1);
}

/**
 * Legitimate sites on free hosting, legitimate login pages and legitimate sites under .cn are so
 * scarce that without this the model learns that all such URLs are phishing. Each counts as often as
 * phishing outnumbers it in its sort, from 1 to `MOST` times; the highest, when it is of several. So the
 * weight follows the rows: when a source of hosted phishing is left out, hosted sites need less.
 */
export function createScarceCensus(): Census {
  const counts = SCARCE.map((): [number, number] => [0, 0]);
  return {
    count: (url, label) => {
      for (const [sort, isOf] of SCARCE.entries()) {
        const count = counts[sort];
        if (count !== undefined && isOf(url)) count[label] += 1;
      }
    },
    weigh: () => {
      const weights = counts.map(([legitimate, phishing]) =>
        Math.min(Math.max(phishing / Math.max(legitimate, 1), 1), MOST),
      );
      return (url, label) =>
        label === 1
          ? 1
          : SCARCE.reduce((most, isOf, sort) => {
              const weight = weights[sort] ?? 1;
              return weight > most && isOf(url) ? weight : most;
            }, 1);
    },
  };
}

// Cells that count rows of sites: memory does not grow with the rows, and of 400,000 sites one in six
// shares its cell by chance.
const CELLS = 2 ** 21;
const MOST_OF_SITE = 0xffff;

/**
 * Each row counts by one over the root of how many rows of its label its site has: what is to be judged
 * are sites never seen, and twenty pages of one say less than pages of twenty. The mean of each
 * label is 1. Chosen on sources left out of training.
 */
export function createSiteCensus(): Census {
  const counts = new Uint16Array(2 * CELLS);
  const cellOf = (url: CanonicalUrl, label: 0 | 1) =>
    2 * (hash(siteOf(url), SALT.weight) % CELLS) + label;
  return {
    count: (url, label) => {
      const cell = cellOf(url, label);
      counts[cell] = Math.min((counts[cell] ?? 0) + 1, MOST_OF_SITE);
    },
    weigh: () => {
      const rows: [number, number] = [0, 0];
      const roots: [number, number] = [0, 0];
      counts.forEach((count, cell) => {
        if (count === 0) return;
        const label = cell % 2 === 1 ? 1 : 0;
        rows[label] += count;
        roots[label] += Math.sqrt(count);
      });
      return (url, label) => {
        const count = counts[cellOf(url, label)] ?? 0;
        return count === 0 ? 1 : rows[label] / roots[label] / Math.sqrt(count);
      };
    },
  };
}
