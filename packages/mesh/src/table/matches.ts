import type { StringMatch } from "../schema/values.ts";
import type { MatchSpec } from "../schema/virtual-service.ts";
import type { HeaderMatch, PathMatch, RouteMatch } from "./route-table.ts";

const EVERY_PATH: PathMatch = { kind: "prefix", value: "/" };

/** Istio: TranslateRouteMatch in pilot/pkg/networking/core/route/route.go. */
export function translateMatch(spec: MatchSpec | undefined): RouteMatch {
  if (spec === undefined) return { path: EVERY_PATH, ignoreCase: false, headers: [], query: [] };
  const special = [
    [":method", spec.method],
    [":authority", spec.authority],
    [":scheme", spec.scheme],
  ] as const;
  return {
    path: translatePath(spec.uri),
    ignoreCase: spec.ignoreUriCase ?? false,
    headers: [
      ...listHeaders(spec.headers, false),
      ...listHeaders(spec.withoutHeaders, true),
      ...special.flatMap(([name, value]) =>
        value === undefined ? [] : [{ name, value, invert: false }],
      ),
    ],
    query: Object.entries(spec.queryParams ?? {}).map(([name, value]) => ({
      name,
      value: readPresence(value),
    })),
  };
}

/** "*" is no regular expression of RE2; Istio takes it for "is there" (istio#20629), as an empty match. */
export function readPresence(value: StringMatch): StringMatch {
  return value.regex === "*" ? {} : value;
}

function translatePath(uri: StringMatch | undefined): PathMatch {
  if (uri?.exact !== undefined) return { kind: "exact", value: uri.exact };
  if (uri?.prefix !== undefined) return { kind: "prefix", value: uri.prefix };
  if (uri?.regex !== undefined) return { kind: "regex", value: uri.regex };
  return EVERY_PATH;
}

function listHeaders(
  map: Readonly<Record<string, StringMatch>> | undefined,
  invert: boolean,
): HeaderMatch[] {
  return Object.entries(map ?? {}).map(([name, value]) => ({
    name: name.toLowerCase(),
    value: readPresence(value),
    invert,
  }));
}

/** Whether nothing gets past it: Istio's IsCatchAllRoute. */
export function isCatchAll({ path, headers, query }: RouteMatch): boolean {
  const everything =
    (path.kind === "prefix" && path.value === "/") ||
    (path.kind === "regex" && path.value === ".*");
  return everything && headers.length === 0 && query.length === 0;
}
