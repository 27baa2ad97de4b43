import type { CanonicalUrl } from "@hookline/lib-ml";
import { parse } from "tldts";

const SUFFIX_OPTIONS = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
};
const LOGIN = /login|log-in|signin|sign-in|account|auth|password|secure/i;
const SCARCE = 3;

/**
 * How much a row counts. Legitimate sites on free hosting, legitimate login pages and legitimate sites
 * under .cn are far scarcer in lists of links than in life, so that without this the model learns
 * that all such URLs are phishing.
 */
export function importanceOf({ host, path, query }: CanonicalUrl, label: 0 | 1): number {
  if (label === 1) return 1;
  const scarce =
    host.endsWith(".cn") ||
    LOGIN.test(host) ||
    LOGIN.test(path) ||
    LOGIN.test(query) ||
    parse(host, SUFFIX_OPTIONS).isPrivate === true;
  return scarce ? SCARCE : 1;
}
