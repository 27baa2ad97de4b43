import { domainToASCII } from "node:url";

/** An address in the form in which rows are written: no scheme, no www., lower-case host. */
export interface Cleaned {
  readonly url: string;
  /** Without userinfo and port. */
  readonly host: string;
  /** "" or "/…", without the query. */
  readonly path: string;
  /** What follows the "?", or "". */
  readonly query: string;
}

const MAX_LENGTH = 2040;
const MAX_HOST = 253;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
// Spaces inside, and what cannot be printed.
const UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;

/**
 * Brings an address as lists write it (`hxxp://`, `[.]`, `&amp;`, quotes around it) into one form, or
 * undefined for what is no http address: another scheme, over 2,040 characters, spaces inside, a host
 * that is neither a name with a dot nor an IPv4 address.
 */
export function canon(text: string): Cleaned | undefined {
  const plain = undoMasks(text);
  if (plain.length > MAX_LENGTH || UNPRINTABLE.test(plain)) return undefined;
  const scheme = SCHEME.exec(plain);
  if (scheme !== null && !/^https?$/i.test(scheme[1] ?? "")) return undefined;
  const rest = plain.slice(scheme?.[0].length ?? 0);
  const end = rest.search(/[/?#]/);
  const authority = parseAuthority(end < 0 ? rest : rest.slice(0, end));
  if (authority === undefined) return undefined;
  const { userinfo, host, port } = authority;
  const written = end < 0 ? "" : percentEncode(rest.slice(end));
  const tail = (/^[?#]/.test(written) ? `/${written}` : written).replace(/[/"'<>]+$/, "");
  const [beforeFragment = ""] = tail.split("#", 1);
  const question = beforeFragment.indexOf("?");
  const url = `${userinfo}${host}${port}${tail}`;
  if (url.length > MAX_LENGTH) return undefined;
  return {
    url,
    host,
    path: question < 0 ? beforeFragment : beforeFragment.slice(0, question),
    query: question < 0 ? "" : beforeFragment.slice(question + 1),
  };
}

function undoMasks(text: string): string {
  return text
    .replace(/^[\s"'<]+|[\s"'>]+$/g, "")
    .replace(/^hxxp/i, "http")
    .replaceAll("[.]", ".")
    .replace(/&(?:amp;)+/gi, "&");
}

function parseAuthority(
  text: string,
): { userinfo: string; host: string; port: string } | undefined {
  const at = text.lastIndexOf("@") + 1;
  const match = /^([^:]*)(?::(\d{0,5}))?$/.exec(text.slice(at));
  if (match === null) return undefined;
  const host = parseHost(match[1] ?? "");
  if (host === undefined) return undefined;
  const port = Number(match[2] ?? "");
  if (port > 65_535) return undefined;
  const isDefault = port === 0 || port === 80 || port === 443;
  return { userinfo: percentEncode(text.slice(0, at)), host, port: isDefault ? "" : `:${port}` };
}

function parseHost(text: string): string | undefined {
  const lower = text.toLowerCase().replace(/\.$/, "");
  // Only names with letters outside ASCII are translated: it would also turn "0x7f.1" into an address.
  let host = /^[\x21-\x7e]+$/.test(lower) ? lower : domainToASCII(lower);
  while (/^www\.[^.]+\./.test(host)) host = host.slice("www.".length);
  if (IPV4.test(host)) return host;
  const labels = host.split(".");
  const isName =
    labels.length > 1 && host.length <= MAX_HOST && labels.every((label) => LABEL.test(label));
  return isName && !/^\d+$/.test(labels.at(-1) ?? "") ? host : undefined;
}

/** Everything outside ASCII as the percent-encoded bytes of its UTF-8. */
function percentEncode(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, (run) => encodeURIComponent(run));
}
