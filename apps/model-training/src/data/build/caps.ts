import { hash, SALT } from "../hash.ts";
import type { Chosen } from "./row.ts";
import { siteOf } from "./site.ts";

/** The most rows of a kind over train, val and test together. */
export interface Caps {
  readonly phishingPlatform: number;
  readonly legitimatePlatform: number;
  readonly samePath: number;
  readonly phishingIp: number;
  readonly phishingEnding: number;
  /** In the holdout, for each label and source. */
  readonly holdoutSource: number;
}

export const CAPS: Caps = {
  phishingPlatform: 1500,
  legitimatePlatform: 3500,
  samePath: 100,
  phishingIp: 2500,
  phishingEnding: 10_000,
  holdoutSource: 6000,
};

/** Endings that phishing and everyone else use in such numbers that a cap would only lose rows. */
const FREE_ENDINGS = new Set(["com", "net", "org", "io", "app", "dev"]);
const PATH_SLOTS = 2 ** 22;

export type CapReason = "platform" | "same path" | "IP hosts" | "ending" | "quota of the source";

/**
 * Counts rows in the order they are shown, and says which limit the next one breaks, if any. Memory is
 * bounded: paths are counted in 2^22 slots by hash (8 MiB), where two that share a slot share a limit.
 */
export function createCaps(
  caps: Caps,
  quotas: ReadonlyMap<string, number>,
): (row: Chosen) => CapReason | undefined {
  const counts = new Map<string, number>();
  const paths = new Uint16Array(PATH_SLOTS);
  return (row) => {
    const limits = limitsOf(row, caps, quotas);
    const slot = pathSlot(row);
    if (slot !== undefined && (paths[slot] ?? 0) >= caps.samePath) return "same path";
    const broken = limits.find(({ group, limit }) => (counts.get(group) ?? 0) >= limit);
    if (broken !== undefined) return broken.why;
    // Only a row that is kept counts against the limits.
    for (const { group } of limits) counts.set(group, (counts.get(group) ?? 0) + 1);
    if (slot !== undefined) paths[slot] = (paths[slot] ?? 0) + 1;
    return undefined;
  };
}

interface Limit {
  readonly why: CapReason;
  readonly group: string;
  readonly limit: number;
}

function limitsOf(row: Chosen, caps: Caps, quotas: ReadonlyMap<string, number>): readonly Limit[] {
  const part = row.split === "holdout" ? "holdout" : "main";
  const quota = part === "holdout" ? caps.holdoutSource : quotas.get(row.source);
  const limits: Limit[] = [];
  const add = (why: CapReason, name: string, limit: number) =>
    limits.push({ why, group: `${part} ${row.label} ${why} ${name}`, limit });
  if (quota !== undefined) add("quota of the source", row.source, quota);
  const site = siteOf(hostOf(row.url));
  if (site.platform !== undefined) {
    const limit = row.label === 1 ? caps.phishingPlatform : caps.legitimatePlatform;
    add("platform", site.platform, limit);
  }
  if (row.label === 1 && site.isIp) add("IP hosts", "", caps.phishingIp);
  if (row.label === 1 && !site.isIp && !FREE_ENDINGS.has(site.ending)) {
    add("ending", site.ending, caps.phishingEnding);
  }
  return limits;
}

function pathSlot(row: Chosen): number | undefined {
  const slash = row.url.indexOf("/");
  if (slash < 0) return undefined;
  const part = row.split === "holdout" ? "holdout" : "main";
  const text = `${part} ${row.label} ${row.url.slice(slash).split("?", 1)[0]}`;
  return hash(text, SALT.path) % PATH_SLOTS;
}

/** The host of a cleaned address, without userinfo and port. */
export function hostOf(url: string): string {
  const [authority = ""] = url.split(/[/?#]/, 1);
  return authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d+$/, "");
}
