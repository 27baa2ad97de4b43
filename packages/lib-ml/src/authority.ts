import { type Span, sliceSpan } from "./span.ts";

/** A cleaned URL cut into its parts, each still as written. */
export interface Parts {
  readonly schemeAbsent: boolean;
  readonly userinfo: boolean;
  /** What stands before `@` in the authority, which a browser does not go to; empty without one. */
  readonly user: string;
  /** A port other than 80 and 443. */
  readonly port: boolean;
  readonly host: Span;
  readonly path: Span;
  readonly query: Span;
  /** What follows `#`, when it is a route of a single-page application (`#/…`, `#!…`). */
  readonly route: Span | undefined;
}

const WEB_SCHEME = /^(?:https?|hxxps?|ftps?|wss?)$/i;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]{0,31}):(?=([/\\]*))/;
const PORT = /:(\d*)$/;

/** Where the host begins: after the scheme of a web URL, at 0 without one, `undefined` for other schemes. */
function findAuthority(text: string): number | undefined {
  // Nearly every URL begins so; behind it stands no third slash.
  const common = text.startsWith("https://") ? 8 : text.startsWith("http://") ? 7 : 0;
  if (common > 0 && text[common] !== "/" && text[common] !== "\\") return common;
  const match = SCHEME.exec(text);
  if (match === null) return /^[/\\]{2}/.test(text) ? 2 : 0;
  const [before, scheme = "", slashes = ""] = match;
  if (WEB_SCHEME.test(scheme)) return before.length + slashes.length;
  // `host:8080/…` has no scheme either.
  return slashes === "" && /^\d+(?:[/\\?#]|$)/.test(text.slice(before.length)) ? 0 : undefined;
}

function findEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x2f || code === 0x3f || code === 0x23 || code === 0x5c) return i;
  }
  return text.length;
}

/** Cuts a cleaned URL into parts; `undefined` when it has no host or a scheme that is not of the web. */
export function splitUrl(url: Span): Parts | undefined {
  const { text } = url;
  const start = findAuthority(text);
  if (start === undefined) return undefined;
  const end = findEnd(text, start);
  const authority = text.slice(start, end);
  const at = authority.lastIndexOf("@") + 1;
  const port = !authority.includes(":") || authority.endsWith("]") ? null : PORT.exec(authority);
  if (Number(port?.[1] ?? 0) > 65_535) return undefined;
  const host = sliceSpan(url, start + at, end - (port?.[0].length ?? 0));
  if (host.text === "" || (start === 0 && !/[.\u3002\uff0e\uff61]/u.test(host.text)))
    return undefined;
  return {
    schemeAbsent: start === 0 || /^[/\\]/.test(text),
    userinfo: at > 0,
    user: authority.slice(0, Math.max(0, at - 1)),
    port: port !== null && !["", "80", "443"].includes(port[1]?.replace(/^0+/, "") ?? ""),
    host,
    ...splitRest(url, end),
  };
}

function splitRest(url: Span, from: number): Pick<Parts, "path" | "query" | "route"> {
  const { text } = url;
  const hash = text.indexOf("#", from);
  const end = hash === -1 ? text.length : hash;
  const mark = text.indexOf("?", from);
  const pathEnd = mark === -1 || mark > end ? end : mark;
  const isRoute = hash !== -1 && (text[hash + 1] === "/" || text[hash + 1] === "!");
  const next = isRoute ? text.indexOf("#", hash + 1) : -1;
  return {
    path: sliceSpan(url, from, pathEnd),
    query: pathEnd === end ? sliceSpan(url, end, end) : sliceSpan(url, pathEnd + 1, end),
    route: isRoute ? sliceSpan(url, hash, next === -1 ? text.length : next) : undefined,
  };
}
