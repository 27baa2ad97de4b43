import { registrableDomain } from "@hookline/lib-ml";
import { parse } from "tldts";
import { fraction, SALT } from "../hash.ts";

export type Split = "train" | "val" | "test" | "holdout";
export const SPLITS = ["train", "val", "test", "holdout"] as const satisfies readonly Split[];

/** What the limits on the number of rows go by. */
export interface Site {
  /** The registrable domain, which decides the split. */
  readonly domain: string;
  /** The company under whose suffix others publish (`vercel.app`), if there is one. */
  readonly platform: string | undefined;
  readonly ending: string;
  readonly isIp: boolean;
}

const OPTIONS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false };

/** The site of a host by the public suffix list with its private section. */
export function siteOf(host: string): Site {
  const { isIp, isPrivate, publicSuffix } = parse(host, OPTIONS);
  return {
    domain: registrableDomain(host),
    platform: isPrivate === true ? (publicSuffix ?? undefined) : undefined,
    ending: host.slice(host.lastIndexOf(".") + 1),
    isIp: isIp === true,
  };
}

/**
 * The split of a site: 80 % train, 10 % val, 10 % test, by a hash of its registrable domain, so that it
 * is the same in every run and no site is in two. Sources that are held out never ask.
 */
export function splitOf(domain: string): Exclude<Split, "holdout"> {
  const at = fraction(domain, SALT.split);
  if (at < 0.8) return "train";
  return at < 0.9 ? "val" : "test";
}
