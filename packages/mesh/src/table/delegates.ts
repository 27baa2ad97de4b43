import type { StringMatch } from "../schema/values.ts";
import type { MatchSpec, RouteSpec } from "../schema/virtual-service.ts";

// Istio: MergeHTTPRoutes and hasConflict in pilot/pkg/model/virtualservice.go.

/** A delegate's route inside the root's; undefined where the two cannot both match. */
export function mergeRoute(root: RouteSpec, delegate: RouteSpec): RouteSpec | undefined {
  const match = mergeMatches(root.match ?? [], delegate.match ?? []);
  if (match === undefined) return undefined;
  const { delegate: _, name: rootName, match: __, ...inherited } = root;
  const name = [rootName, delegate.name].filter(Boolean).join("-");
  return { ...inherited, ...delegate, match, ...(name === "" ? {} : { name }) };
}

function mergeMatches(
  roots: readonly MatchSpec[],
  leaves: readonly MatchSpec[],
): MatchSpec[] | undefined {
  if (roots.length === 0) return [...leaves];
  if (leaves.length === 0) return [...roots];
  const merged: MatchSpec[] = [];
  for (const leaf of leaves) {
    const fitting = roots.filter((root) => !conflicts(root, leaf));
    if (fitting.length === 0) return undefined;
    merged.push(...fitting.map((root) => mergeMatch(root, leaf)));
  }
  return merged;
}

/** The leaf's fields over the root's; maps are united. ignoreUriCase is the same in both. */
function mergeMatch(root: MatchSpec, leaf: MatchSpec): MatchSpec {
  const name = [root.name, leaf.name].filter(Boolean).join("-");
  const gateways = (leaf.gateways ?? []).length > 0 ? leaf.gateways : root.gateways;
  return {
    ...root,
    ...leaf,
    ...(name === "" ? {} : { name }),
    headers: { ...root.headers, ...leaf.headers },
    withoutHeaders: { ...root.withoutHeaders, ...leaf.withoutHeaders },
    queryParams: { ...root.queryParams, ...leaf.queryParams },
    sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
    ...(gateways === undefined ? {} : { gateways }),
  };
}

function conflicts(root: MatchSpec, leaf: MatchSpec): boolean {
  const pairs = [
    [root.uri, leaf.uri],
    [root.scheme, leaf.scheme],
    [root.method, leaf.method],
    [root.authority, leaf.authority],
    ...pairUp(root.headers, leaf.headers),
    ...pairUp(root.withoutHeaders, leaf.withoutHeaders),
    ...pairUp(root.queryParams, leaf.queryParams),
  ] as const;
  if (pairs.some(([one, other]) => stringsConflict(one, other))) return true;
  if ((root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false)) return true;
  if (root.port !== undefined && leaf.port !== undefined && root.port !== leaf.port) return true;
  if (root.sourceNamespace && leaf.sourceNamespace !== root.sourceNamespace) return true;
  const labels = Object.entries(leaf.sourceLabels ?? {});
  if (labels.some(([name, value]) => (root.sourceLabels?.[name] ?? value) !== value)) return true;
  const wide = root.gateways ?? [];
  return wide.length > 0 && (leaf.gateways ?? []).some((one) => !wide.includes(one));
}

type StringMap = Readonly<Record<string, StringMatch>> | undefined;

function pairUp(
  root: StringMap,
  leaf: StringMap,
): (readonly [StringMatch | undefined, StringMatch])[] {
  return Object.entries(leaf ?? {}).map(([name, value]) => [root?.[name], value] as const);
}

/** Whether the leaf's match is no part of the root's. A regex goes with nothing else. */
function stringsConflict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) return false;
  if (root.regex !== undefined || leaf.regex !== undefined) return true;
  if (root.exact !== undefined) return leaf.exact !== root.exact;
  if (root.prefix !== undefined) {
    const narrow = leaf.prefix ?? leaf.exact;
    return narrow === undefined || !narrow.startsWith(root.prefix);
  }
  return true;
}
