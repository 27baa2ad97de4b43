import { compileRegex } from "../regex/re2.ts";
import type { StringMatch } from "../schema/values.ts";
import type { HeaderMatch, PathMatch, QueryMatch, RouteMatch } from "../table/route-table.ts";
import { type Incoming, readHeader } from "./incoming.ts";

/** One thing that a route asks of a request. */
export interface Condition {
  test(incoming: Incoming): boolean;
  /** "path has the prefix /metrics". */
  readonly wish: string;
  /** What the request has instead. */
  found(incoming: Incoming): string;
}

type Test = (value: string) => boolean;

/** All that a route asks; none for a route that takes every request. */
export function compileMatch({ path, ignoreCase, headers, query }: RouteMatch): Condition[] {
  return [
    ...compilePath(path, ignoreCase),
    ...headers.map(compileHeader),
    ...query.map(compileQuery),
  ];
}

/** Envoy: path, prefix and safe_regex of RouteMatch look at the path without its query. */
function compilePath({ kind, value }: PathMatch, ignoreCase: boolean): Condition[] {
  if (kind === "prefix" && value === "/") return [];
  const found = ({ path }: Incoming) => path;
  const wish = `path ${describe({ [kind]: value })}${ignoreCase ? " in any case" : ""}`;
  if (kind === "regex") {
    const test = compileRegex(value);
    return [{ test: ({ path }) => test(path), wish, found }];
  }
  const wanted = ignoreCase ? value.toLowerCase() : value;
  const read = ignoreCase
    ? ({ path }: Incoming) => path.toLowerCase()
    : ({ path }: Incoming) => path;
  const test =
    kind === "prefix"
      ? (one: Incoming) => read(one).startsWith(wanted)
      : (one: Incoming) => read(one) === wanted;
  return [{ test, wish, found }];
}

/** A header that is absent matches nothing, so it satisfies a withoutHeaders. */
function compileHeader({ name, value, invert }: HeaderMatch): Condition {
  const test = compileString(value);
  const holds = ({ request }: Incoming) => {
    const given = readHeader(request, name);
    // Envoy takes an absent header for an empty one here: treat_missing_header_as_empty.
    if (given === undefined) return invert && isValue(value) ? test("") : false;
    return test(given);
  };
  const found = ({ request }: Incoming) => {
    const given = readHeader(request, name);
    return given === undefined ? "absent" : JSON.stringify(given);
  };
  const subject = name.startsWith(":") ? name.slice(1) : `header ${name}`;
  if (!invert) return { test: holds, wish: `${subject} ${describe(value)}`, found };
  return { test: (one) => !holds(one), wish: `not: ${subject} ${describe(value)}`, found };
}

/** Envoy: QueryParameterMatcher; the first of several of one name, not percent-decoded. */
function compileQuery({ name, value }: QueryMatch): Condition {
  const test = compileString(value);
  const read = ({ query }: Incoming) => readParameter(query, name);
  return {
    test: (incoming) => {
      const given = read(incoming);
      return given !== undefined && test(given);
    },
    wish: `query parameter ${name} ${describe(value)}`,
    found: (incoming) => {
      const given = read(incoming);
      return given === undefined ? "absent" : JSON.stringify(given);
    },
  };
}

function readParameter(query: string, name: string): string | undefined {
  let start = 1;
  while (start < query.length) {
    const next = query.indexOf("&", start);
    const end = next < 0 ? query.length : next;
    const equals = query.indexOf("=", start);
    const stop = equals < 0 || equals > end ? end : equals;
    if (query.slice(start, stop) === name) return query.slice(Math.min(stop + 1, end), end);
    start = end + 1;
  }
  return undefined;
}

function isValue({ exact, prefix, regex }: StringMatch): boolean {
  return exact !== undefined || prefix !== undefined || regex !== undefined;
}

/** A StringMatch as a test of a value; an empty one takes every value. */
export function compileString({ exact, prefix, regex }: StringMatch): Test {
  if (exact !== undefined) return (value) => value === exact;
  if (prefix !== undefined) return (value) => value.startsWith(prefix);
  if (regex !== undefined) return compileRegex(regex);
  return () => true;
}

function describe({ exact, prefix, regex }: StringMatch): string {
  if (exact !== undefined) return `is ${JSON.stringify(exact)}`;
  if (prefix !== undefined) return `starts with ${JSON.stringify(prefix)}`;
  if (regex !== undefined) return `matches ${regex}`;
  return "is there";
}
