import { stripPort } from "../host.ts";
import { compileReplace } from "../regex/re2.ts";
import type { PathRewrite, RedirectAction, RouteMatch } from "../table/route-table.ts";
import type { Incoming } from "./incoming.ts";

/** The path, with its query, that the destination gets; undefined for one that rewrites nothing. */
export function compileRewrite(
  rewrite: PathRewrite | undefined,
  { path }: RouteMatch,
): ((incoming: Incoming) => string) | undefined {
  if (rewrite === undefined) return undefined;
  if (rewrite.kind === "regex") {
    const replace = compileReplace(rewrite.match, rewrite.substitution);
    // An empty result is a failed rewrite: Envoy leaves the path (path_rewrite_utility.cc).
    return ({ path: given, query }) => (replace(given) || given) + query;
  }
  // Envoy replaces what was matched: the prefix, or the whole path of an exact or regex match.
  const { value } = rewrite;
  if (path.kind !== "prefix") return ({ query }) => value + query;
  const { length } = path.value;
  return (incoming) => value + incoming.path.slice(length) + incoming.query;
}

/** Envoy: RouteEntryImplBase::newUri. */
export function buildLocation(action: RedirectAction, { request, path, query }: Incoming): string {
  const scheme = action.scheme ?? request.scheme;
  const host = action.authority ?? request.authority;
  const withPort = action.port === undefined ? host : `${stripPort(host)}:${action.port}`;
  const target = action.path ?? path;
  return `${scheme}://${withPort}${target}${target.includes("?") ? "" : query}`;
}
