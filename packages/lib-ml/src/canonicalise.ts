import { splitUrl } from "./authority.ts";
import { cleanUrl } from "./clean.ts";
import { normaliseEscapes, resolveDots, stripTail } from "./escape.ts";
import { parseHost } from "./host.ts";
import { type Span, SpanBuilder } from "./span.ts";
import { dropTracking } from "./tracking.ts";

/** What canonicalising dropped or saw; all but `schemeAbsent` and `userinfo` are features as well. */
export interface UrlFlags {
  readonly schemeAbsent: boolean;
  readonly userinfo: boolean;
  readonly port: boolean;
  readonly punycode: boolean;
  readonly ipHost: boolean;
  readonly oddIp: boolean;
}

/** A URL in the one form that every spelling of it shares. */
export interface CanonicalUrl {
  /** `host[/path][?query]`. */
  readonly text: string;
  readonly host: string;
  /** Empty, or starts with `/`; the case is kept. A route (`#/…`) of a single-page application is its end. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** What stood before `@` in the authority, as given; dropped from the text. Empty without one. */
  readonly user: string;
  readonly flags: UrlFlags;
  /** The same three pieces with the places in the given URL that they came from. */
  readonly spans: { readonly host: Span; readonly path: Span; readonly query: Span };
}

/**
 * The canonical form of a web URL, or `undefined` when the text is none (no host, another scheme, a
 * host that a browser refuses). Takes any string, never throws, and works in linear time.
 *
 * Dropped: scheme, userinfo, `www.`, port, fragment (unless it is a route, `#/…` or `#!…`), tracking
 * parameters, trailing slashes, `.` and `..` segments. Rewritten: host in lower case, punycode as what
 * it looks like, odd IPv4 forms as four numbers, escapes in one spelling.
 */
export function canonicalise(url: string): CanonicalUrl | undefined {
  const parts = splitUrl(cleanUrl(url));
  const parsed = parts && parseHost(parts.host);
  if (parts === undefined || parsed === undefined) return undefined;
  const path = buildPath(parts.path, parts.route);
  const query = stripTail(dropTracking(normaliseEscapes(parts.query, false)));
  const { span: host, punycode, ipHost, oddIp } = parsed;
  const { schemeAbsent, userinfo, user, port } = parts;
  return {
    text: query.text === "" ? host.text + path.text : `${host.text}${path.text}?${query.text}`,
    host: host.text,
    path: path.text,
    query: query.text,
    user,
    flags: { schemeAbsent, userinfo, port, punycode, ipHost, oddIp },
    spans: { host, path, query },
  };
}

function buildPath(given: Span, route: Span | undefined): Span {
  const path = resolveDots(normaliseEscapes(given, true));
  if (route === undefined) return path;
  const tail = stripTail(normaliseEscapes(route, false));
  if (tail.text.length < 2) return path;
  const built = new SpanBuilder();
  built.copy(path, 0, path.text.length);
  if (path.text === "")
    built.add("/", ...(route.map ? ([0, 0] as const) : ([route.start, route.start] as const)));
  built.copy(tail, 0, tail.text.length);
  return built.build();
}
