import { findSuffix } from "./public-suffix.ts";

/**
 * Where a host name divides: `[0, site)` the subdomains, `[site, suffix)` the registered label, `[suffix,
 * length)` the public suffix. `hosted` says that the suffix is a company's (`github.io`).
 */
export interface HostParts {
  readonly site: number;
  readonly suffix: number;
  readonly hosted: boolean;
}

// The last host asked for: features and the brand rule ask for the same one, one after the other.
let lastHost = "";
let lastParts: HostParts = { site: 0, suffix: 0, hosted: false };

/** Divides a canonical host by the public suffix list, private section included. */
export function splitHost(host: string): HostParts {
  if (host !== lastHost) {
    lastParts = split(host);
    lastHost = host;
  }
  return lastParts;
}

function split(host: string): HostParts {
  if (isAddress(host)) return { site: 0, suffix: host.length, hosted: false };
  const { start, isPrivate } = findSuffix(host);
  return { site: host.lastIndexOf(".", start - 2) + 1, suffix: start, hosted: isPrivate };
}

/** A canonical address: four numbers, or one between brackets. */
function isAddress(host: string): boolean {
  const last = host.charCodeAt(host.length - 1);
  // Nearly every name ends in a letter.
  return last === 0x5d || (last >= 0x30 && last <= 0x39 && /^\d+(?:\.\d+){3}$/.test(host));
}

/**
 * The name that someone registered, which a host belongs to: `a.b.example.co.uk` → `example.co.uk`,
 * `x.user.github.io` → `user.github.io`; an IP address and a bare suffix are their own.
 */
export function registrableDomain(host: string): string {
  return host.slice(splitHost(host).site);
}
