import type { LimitFilter } from "../limits/envoy-filters.ts";
import {
  findPossibleRules,
  listPossibleDescriptors,
  listUnreachedRules,
} from "../limits/possible-rules.ts";
import { buildRules } from "../limits/rules.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LimiterSource } from "./read-limiters.ts";

/** A list of actions, where it stands, and every descriptor that it can give. */
interface PlacedList {
  readonly resource: string;
  readonly field: string;
  readonly forms: ReturnType<typeof listPossibleDescriptors>;
}

/** Each list of actions hits a rule, and each rule is hit: the limiter compares key by key, in order. */
export function checkRulesReached(
  filters: readonly LimitFilter[],
  limiters: readonly LimiterSource[],
): readonly LintMessage[] {
  const lists = readLists(filters);
  const patches = filters.flatMap((filter) => filter.patches);
  return patches.flatMap((patch) => {
    if (patch.kind !== "filter") return [];
    const { domain } = patch.filter;
    const source = limiters.find(({ config }) => config.domain === domain);
    if (source !== undefined) return checkLists(lists, source);
    const field = `${patch.field}.patch.value.typed_config.domain`;
    const text = `No limiter is configured for the domain "${domain}"`;
    return [buildMessage("HKL0205", patch.resource, field, text)];
  });
}

function readLists(filters: readonly LimitFilter[]): readonly PlacedList[] {
  return filters
    .flatMap(({ patches }) => patches)
    .flatMap((patch) =>
      patch.kind === "virtual-host" || patch.kind === "route"
        ? (patch.entries ?? []).map((entry, index) => ({
            resource: patch.resource,
            field: `${patch.field}.patch.value.rate_limits[${index}]`,
            forms: listPossibleDescriptors(entry),
          }))
        : [],
    );
}

function checkLists(
  lists: readonly PlacedList[],
  { resource, field, config }: LimiterSource,
): readonly LintMessage[] {
  const root = buildRules([config]).get(config.domain);
  if (root === undefined) return [];
  const deaf = lists.filter(({ forms }) =>
    forms.every((entries) => findPossibleRules(root, entries).size === 0),
  );
  const unreached = listUnreachedRules(
    root,
    lists.flatMap(({ forms }) => forms),
  );
  const text = "The limiter has no rule for what these actions send";
  return [
    ...deaf.map((list) => buildMessage("HKL0206", list.resource, list.field, text)),
    ...unreached.map(({ path }) =>
      buildMessage("HKL0207", resource, field, `No list of actions asks for the rule ${path}`),
    ),
  ];
}
