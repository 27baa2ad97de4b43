import { compileRegex } from "../regex/re2.ts";
import type { StringMatch } from "../schema/values.ts";
import type { MatchSpec } from "../schema/virtual-service.ts";
import { readPresence } from "../table/matches.ts";

type Strings = Readonly<Record<string, StringMatch>> | undefined;

/**
 * Whether an earlier match takes every request that a later one would. Says no where it cannot
 * tell, as for two different patterns.
 */
export function covers(earlier: MatchSpec, later: MatchSpec): boolean {
  const sameCase = (earlier.ignoreUriCase ?? false) === (later.ignoreUriCase ?? false);
  return (
    coversPath(earlier.uri, later.uri) &&
    (isAnyPath(earlier.uri) || sameCase) &&
    coversText(earlier.scheme, later.scheme) &&
    coversText(earlier.method, later.method) &&
    coversText(earlier.authority, later.authority) &&
    coversEach(earlier.headers, later.headers) &&
    coversEach(earlier.queryParams, later.queryParams) &&
    // What must not be there: the later match has to rule out at least as much.
    coversEach(earlier.withoutHeaders, later.withoutHeaders, (one, other) =>
      coversText(other, one),
    ) &&
    coversOthers(earlier, later)
  );
}

function coversOthers(earlier: MatchSpec, later: MatchSpec): boolean {
  const { port, sourceNamespace, sourceLabels = {}, gateways } = earlier;
  return (
    (port === undefined || port === later.port) &&
    (sourceNamespace === undefined || sourceNamespace === later.sourceNamespace) &&
    Object.entries(sourceLabels).every(([key, value]) => later.sourceLabels?.[key] === value) &&
    (gateways === undefined ||
      (later.gateways?.every((gateway) => gateways.includes(gateway)) ?? false))
  );
}

/** Whether a path match takes every path: none, the prefix "/" or the pattern ".*". */
function isAnyPath(match: StringMatch | undefined): boolean {
  return (
    match === undefined || match.prefix === "/" || match.regex === ".*" || match.regex === "/.*"
  );
}

function coversPath(earlier: StringMatch | undefined, later: StringMatch | undefined): boolean {
  return isAnyPath(earlier) || coversText(earlier, later);
}

/** Whether the first takes every text that the second takes. */
function coversText(earlier: StringMatch | undefined, later: StringMatch | undefined): boolean {
  if (earlier === undefined) return true;
  if (later === undefined) return false;
  const { exact, prefix, regex } = earlier;
  if (exact !== undefined) return later.exact === exact;
  if (prefix !== undefined) {
    return later.exact?.startsWith(prefix) ?? later.prefix?.startsWith(prefix) ?? false;
  }
  if (regex !== undefined) {
    if (later.exact !== undefined) return compileRegex(regex)(later.exact);
    return regex === ".*" || later.regex === regex;
  }
  // Only that it is there.
  return true;
}

/** Whether each condition of the first is met by whatever meets the second's of that name. */
function coversEach(earlier: Strings, later: Strings, test = coversText): boolean {
  return Object.entries(earlier ?? {}).every(([name, match]) => {
    const other = later?.[name];
    return other !== undefined && test(readPresence(match), readPresence(other));
  });
}
