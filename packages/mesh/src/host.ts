// Names of hosts as Istio compares them (istio/istio pkg/config/host/name.go and names.go).

/** Whether a host stands for several: "*" or "*.foo.com". */
export function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

/** Whether one host is covered by the other: "a.foo.com" and "*.a.com" by "*.com", all by "*". */
export function isSubsetOf(one: string, other: string): boolean {
  return isWildcard(other) ? one.endsWith(other.slice(1)) : one === other;
}

/** Whether the two overlap. */
export function overlaps(one: string, other: string): boolean {
  return isSubsetOf(one, other) || isSubsetOf(other, one);
}

/** The hosts that both lists cover, in the order of the first. */
export function intersect(some: readonly string[], others: readonly string[]): string[] {
  const found = new Set<string>();
  for (const one of some) {
    for (const other of others) {
      if (isSubsetOf(one, other)) found.add(one);
      else if (isSubsetOf(other, one)) found.add(other);
    }
  }
  return [...found];
}

/** Of hosts that cover one name the most specific first: names before wildcards, long before short. */
export function compareSpecific(one: string, other: string): number {
  if (isWildcard(one) !== isWildcard(other)) return isWildcard(one) ? 1 : -1;
  return other.length - one.length;
}

/** The hosts of a list of "host", "namespace/host" and "*\/host" that are for a namespace. */
export function hostsForNamespace(hosts: readonly string[], namespace: string): string[] {
  return hosts.flatMap((host) => {
    const slash = host.indexOf("/");
    if (slash < 0) return [host];
    const owner = host.slice(0, slash);
    return owner === namespace || owner === "*" ? [host.slice(slash + 1)] : [];
  });
}

/**
 * A short name gets its resource's namespace; a name with a dot, and a wildcard, stay as they are
 * (Istio: ResolveShortnameToFQDN in pilot/pkg/model/config.go).
 */
export function resolveShortName(host: string, namespace: string): string {
  if (isWildcard(host) || host.includes(".")) return host;
  return `${host}.${namespace}.svc.cluster.local`;
}

/** The host without a port; an IPv6 address keeps its brackets. */
export function stripPort(authority: string): string {
  const colon = authority.lastIndexOf(":");
  if (colon < 0 || authority.indexOf("]", colon) >= 0) return authority;
  return /^\d*$/.test(authority.slice(colon + 1)) ? authority.slice(0, colon) : authority;
}
