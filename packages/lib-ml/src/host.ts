import { buildSkeleton } from "./skeleton.ts";
import { type Span, SpanBuilder, sliceSpan, sourceRange } from "./span.ts";

/** A canonical host and what its spelling gave away. */
export interface Host {
  readonly span: Span;
  readonly punycode: boolean;
  readonly ipHost: boolean;
  /** An IPv4 address not written as four decimal numbers (hex, octal, fewer parts). */
  readonly oddIp: boolean;
}

// RFC 1035 §3.1 counts 255 octets on the wire: 253 characters of text.
const MAX_HOST = 253;
const DOT_LIKE = /[.\u3002\uff0e\uff61]/u;

/** A host of letters, digits, `-`, `_` and non-empty labels whose last is no number needs no parser. */
function isPlainName(text: string): boolean {
  let label = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (i === label) return false;
      label = i + 1;
    } else if (!isNameCode(code)) return false;
  }
  const first = text.charCodeAt(label);
  return label < text.length && !(first >= 0x30 && first <= 0x39) && !text.includes("xn--");
}

function isNameCode(code: number): boolean {
  if (code >= 0x61 && code <= 0x7a) return true;
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}

/** The canonical form of a host as written, or `undefined` when a browser would refuse it. */
export function parseHost(given: Span): Host | undefined {
  const lower = given.text.toLowerCase();
  if (lower.length === given.text.length && isPlainName(lower)) {
    const span = stripWww({ ...given, text: lower });
    return span.text.length > MAX_HOST ? undefined : plain(span);
  }
  return given.text.length > 4 * MAX_HOST ? undefined : parseOddHost(given);
}

function plain(span: Span): Host {
  return { span, punycode: false, ipHost: false, oddIp: false };
}

/** Everything rare: IP addresses, other scripts, percent-escapes, a dot at the end, nonsense. */
function parseOddHost(given: Span): Host | undefined {
  const name = URL.parse(`http://${given.text}/`)?.hostname.replace(/\.$/, "") ?? "";
  if (name === "" || name.length > MAX_HOST) return undefined;
  if (name.startsWith("[")) return { ...plain(whole(name, given)), ipHost: true };
  if (name.split(".").includes("")) return undefined;
  const skeleton = name.split(".").map(buildSkeleton).join(".");
  const span = stripWww(align(skeleton, given));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name.replace(/^(?:www\.)+/, "")))
    return parseAddress(span, given);
  return { ...plain(span), punycode: name.includes("xn--") };
}

/** `www.` before an address is no address to a browser, but dropping `www.` must not change what we see. */
function parseAddress(span: Span, given: Span): Host {
  const oddIp = !given.text.includes(span.text);
  return { span, punycode: false, ipHost: true, oddIp };
}

function whole(text: string, given: Span): Span {
  const built = new SpanBuilder();
  built.add(text, ...sourceRange(given, 0, given.text.length));
  return built.build();
}

/** Each label points at the label it was written as; when their number differs, at the whole host. */
function align(name: string, given: Span): Span {
  if (name === given.text.toLowerCase()) return { ...given, text: name };
  const labels = name.split(".");
  const written = given.text.replace(/\.$/, "").split(DOT_LIKE);
  if (labels.length !== written.length) return whole(name, given);
  const built = new SpanBuilder();
  let from = 0;
  for (const [i, label] of labels.entries()) {
    const to = from + (written[i]?.length ?? 0);
    if (i > 0) built.add(".", ...sourceRange(given, from - 1, from));
    built.add(label, ...sourceRange(given, from, to));
    from = to + 1;
  }
  return built.build();
}

/** Without `www.` in front, however often, as long as a name with a dot remains. */
function stripWww(host: Span): Span {
  let from = 0;
  while (host.text.startsWith("www.", from) && host.text.includes(".", from + 4)) from += 4;
  return from === 0 ? host : sliceSpan(host, from, host.text.length);
}
