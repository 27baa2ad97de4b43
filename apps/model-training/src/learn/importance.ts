import { type CanonicalUrl, canonicalise } from "@hookline/lib-ml";
import { parse } from "tldts";
import type { Row } from "../dataset.ts";

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

/**
 * Reads the training rows once and says how much each counts.
 *
 * Legitimate sites on free hosting, legitimate login pages and legitimate sites under .cn are so
 * scarce that without this the model learns that all such URLs are phishing. Each counts as often as
 * phishing outnumbers it in its sort, from 1 to `MOST` times; the highest, when it is of several. So the
 * weight follows the rows: when a source of hosted phishing is left out, hosted sites need less.
 */
export async function weighScarce(rows: AsyncIterable<Row>): Promise<Importance> {
  const counts = SCARCE.map((): [number, number] => [0, 0]);
  for await (const { url, label } of rows) {
    const canonical = canonicalise(url);
    if (canonical === undefined) continue;
    for (const [sort, isOf] of SCARCE.entries()) {
      const count = counts[sort];
      if (count !== undefined && isOf(canonical)) count[label] += 1;
    }
  }
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
}
