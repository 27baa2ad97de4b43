import type { MeshRequest } from "../types.ts";
import type { HeaderMatcher, QueryMatcher, StringMatcher } from "./action-schema.ts";

type Test<Value> = (value: Value) => boolean;

/** The value of a header, or of Envoy's :authority, :method, :path and :scheme. */
export function readHeader(request: MeshRequest, name: string): string | undefined {
  switch (name) {
    case ":authority":
    case "host":
      return request.authority;
    case ":method":
      return request.method;
    case ":path":
      return request.path;
    case ":scheme":
      return request.scheme;
    default:
      return request.header(name);
  }
}

/**
 * A header matcher as Envoy's: a header that is missing matches only `present_match: false`, or
 * as an empty one if it is to be treated so; `invert_match` turns round what a header that is
 * there gives (envoy.config.route.v3.HeaderMatcher).
 */
export function compileHeaderMatcher(
  matcher: HeaderMatcher,
  regex: CompileRegex,
): Test<MeshRequest> {
  const name = matcher.name.toLowerCase();
  const { invert_match: invert } = matcher;
  const present = matcher.present_match;
  const test = compileValue(matcher, regex);
  return (request) => {
    const value = readHeader(request, name);
    if (test === undefined) {
      // treat_missing_header_as_empty makes a missing header one that is there.
      const there = value !== undefined || matcher.treat_missing_header_as_empty;
      return (there === (present ?? true)) !== invert;
    }
    if (value === undefined && !matcher.treat_missing_header_as_empty) return false;
    return test(value ?? "") !== invert;
  };
}

/** Compiles a pattern of RE2 that has to match the whole text. */
export type CompileRegex = (pattern: string) => Test<string>;

/** The test of a header's value; undefined where only its presence counts. */
function compileValue(matcher: HeaderMatcher, regex: CompileRegex): Test<string> | undefined {
  const { exact_match, prefix_match, suffix_match, contains_match } = matcher;
  if (exact_match !== undefined) return (value) => value === exact_match;
  if (prefix_match !== undefined) return (value) => value.startsWith(prefix_match);
  if (suffix_match !== undefined) return (value) => value.endsWith(suffix_match);
  if (contains_match !== undefined) return (value) => value.includes(contains_match);
  if (matcher.safe_regex_match !== undefined) return regex(matcher.safe_regex_match.regex);
  if (matcher.string_match !== undefined) return compileStringMatcher(matcher.string_match, regex);
  const range = matcher.range_match;
  if (range === undefined) return undefined;
  return (value) =>
    /^[+-]?\d+$/.test(value) && Number(value) >= range.start && Number(value) < range.end;
}

function compileStringMatcher(matcher: StringMatcher, regex: CompileRegex): Test<string> {
  const { exact, prefix, suffix, contains, safe_regex } = matcher;
  // ignore_case has no effect on a pattern.
  if (safe_regex !== undefined) return regex(safe_regex.regex);
  const fold = (text: string) => (matcher.ignore_case ? text.toLowerCase() : text);
  if (exact !== undefined) return (value) => fold(value) === fold(exact);
  if (prefix !== undefined) return (value) => fold(value).startsWith(fold(prefix));
  if (suffix !== undefined) return (value) => fold(value).endsWith(fold(suffix));
  return (value) => fold(value).includes(fold(contains ?? ""));
}

/** The parameters of a query, decoded, the first of each name (Envoy's `parseAndDecodeQueryString`). */
export function readQuery(path: string): ReadonlyMap<string, string> {
  const mark = path.indexOf("?");
  const values = new Map<string, string>();
  if (mark < 0) return values;
  const fragment = path.indexOf("#", mark);
  const query = path.slice(mark + 1, fragment < 0 ? undefined : fragment);
  for (const part of query.split("&")) {
    const equals = part.indexOf("=");
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (!values.has(name)) values.set(name, equals < 0 ? "" : decode(part.slice(equals + 1)));
  }
  return values;
}

/** %XX as bytes of UTF-8; a "%" that begins nothing stays, and so does "+". */
function decode(text: string): string {
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  const given = new TextEncoder().encode(text);
  for (let at = 0; at < given.length; at += 1) {
    const byte = given[at] ?? 0;
    const hex = String.fromCharCode(...given.subarray(at + 1, at + 3));
    const coded = byte === 0x25 && /^[0-9a-f]{2}$/i.test(hex);
    bytes.push(coded ? Number.parseInt(hex, 16) : byte);
    if (coded) at += 2;
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** A matcher of one query parameter; without a way to match, its presence is enough. */
export function compileQueryMatcher(
  matcher: QueryMatcher,
  regex: CompileRegex,
): Test<ReadonlyMap<string, string>> {
  const { name, string_match, present_match } = matcher;
  const test = string_match === undefined ? undefined : compileStringMatcher(string_match, regex);
  return (query) => {
    const value = query.get(name);
    if (test !== undefined) return value !== undefined && test(value);
    return (value !== undefined) === (present_match ?? true);
  };
}
