import type { CanonicalUrl } from "./canonicalise.ts";

// Names that no public name server answers for: RFC 6761 (localhost, test), RFC 6762 (local; its
// appendix G: intranet, private, corp, home, lan), RFC 7686 (onion), RFC 8375 (home.arpa); internal, which
// ICANN has set aside for private use (resolution 2024.07.29.06), and corp, home and mail, which it
// gives to nobody (board, 4 February 2018); localdomain, with which systems end their own names.
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|mail|lan|test|onion|home\.arpa)$/;

/**
 * Whether a canonical host is of the network that asks, or of the machine itself: what answers there
 * differs from one caller to the next, so that the text of such an address says nothing of it.
 *
 * IPv4: RFC 1918, loopback, link-local (RFC 3927), shared (RFC 6598), "this network". IPv6: loopback, unique local
 * (RFC 4193), link-local. Names: those above, and any without a dot.
 */
export function isPrivateHost({ host, flags }: Pick<CanonicalUrl, "host" | "flags">): boolean {
  if (flags.ipHost) {
    return host.startsWith("[") ? isPrivateV6(host.slice(1, -1)) : isPrivateV4(host);
  }
  return !host.includes(".") || PRIVATE_NAME.test(host);
}

function isPrivateV4(host: string): boolean {
  const [first = 0, second = 0] = host.split(".").map(Number);
  if (first === 0 || first === 10 || first === 127) return true;
  if (first === 100) return second >= 64 && second <= 127;
  if (first === 169) return second === 254;
  if (first === 172) return second >= 16 && second <= 31;
  return first === 192 && second === 168;
}

/** The text is as the WHATWG URL serialiser writes it: lower case, longest run of zeros as `::`. */
function isPrivateV6(host: string): boolean {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped !== null) {
    const high = Number.parseInt(mapped[1] ?? "", 16);
    return isPrivateV4(`${high >> 8}.${high & 255}.0.0`);
  }
  return host === "::1" || host === "::" || /^(?:f[cd]..|fe[89ab].):/.test(host);
}
