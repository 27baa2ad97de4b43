import { stripPort } from "../host.ts";
import type { VirtualHost } from "../table/route-table.ts";

/**
 * The virtual host of an authority, its port aside: the exact name, the longest "*.suffix", then "*"
 * (Envoy: RouteMatcher::findVirtualHost; istiod sets ignore_port_in_host_matching).
 */
export function compileHosts<Host extends Pick<VirtualHost, "domains">>(
  hosts: readonly Host[],
): (authority: string) => Host | undefined {
  const exact = new Map<string, Host>();
  const suffixes: [suffix: string, host: Host][] = [];
  let every: Host | undefined;
  for (const host of hosts) {
    for (const domain of host.domains) {
      if (domain === "*") every ??= host;
      else if (domain.startsWith("*")) suffixes.push([domain.slice(1), host]);
      else if (!exact.has(domain)) exact.set(domain, host);
    }
  }
  suffixes.sort(([one], [other]) => other.length - one.length);
  return (authority) => {
    const name = stripPort(authority).toLowerCase();
    const found = exact.get(name);
    if (found !== undefined) return found;
    // The star stands for one character at least.
    const wild = suffixes.find(([suffix]) => name.length > suffix.length && name.endsWith(suffix));
    return wild?.[1] ?? every;
  };
}
