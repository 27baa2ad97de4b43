import { isIP } from "node:net";

/**
 * An address with only its first bits kept, as a network: "192.168.1.1" and 24 give
 * "192.168.1.0/24", "2001:db8::1" and 32 give "2001:db8::/32". Refuses what is no IP address.
 */
export function maskAddress(address: string, bits: number): string {
  const groups = isIP(address) === 4 ? address.split(".").map(Number) : readGroups(address);
  const width = groups.length === 4 ? 8 : 16;
  const masked = groups.map((group, index) => {
    const kept = Math.min(Math.max(bits - index * width, 0), width);
    return group & ((2 ** width - 1) << (width - kept)) & (2 ** width - 1);
  });
  const text = groups.length === 4 ? masked.join(".") : formatGroups(masked);
  return `${text}/${bits}`;
}

/** The eight groups of an IPv6 address. */
function readGroups(address: string): readonly number[] {
  if (isIP(address) !== 6) throw new RangeError(`"${address}" is no IP address`);
  const plain = address
    .replace(/%.*$/, "")
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
      const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
      return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
    });
  const [head = "", tail] = plain.split("::");
  const read = (part: string) =>
    part === "" ? [] : part.split(":").map((one) => Number.parseInt(one, 16));
  const first = read(head);
  const last = tail === undefined ? [] : read(tail);
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/** The shortest form, the first longest run of zeros as "::" (RFC 5952). */
function formatGroups(groups: readonly number[]): string {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const show = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.length < 2) return show(groups);
  return `${show(groups.slice(0, best.start))}::${show(groups.slice(best.start + best.length))}`;
}
