import type { LimitFilter } from "../limits/envoy-filters.ts";
import {
  findPossibleRules,
  listPossibleDescriptors,
  listUnreachedRules,
} from "../limits/possible-rules.ts";
import { buildRules } from "../limits/rules.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LimiterSource } from "./read-limiters.ts";

/** Each list of actions hits a rule, and each rule is hit: the limiter compares key by key, in order. */
export function checkRulesReached(
  filters: readonly LimitFilter[],
  limiters: readonly LimiterSource[],
): readonly LintMessage[] {
  const patches = filters.flatMap((filter) => filter.patches);
  const asked = patches.flatMap((patch) => (patch.kind === "filter" ? [patch] : []));
  const lists = patches.flatMap((patch) =>
    patch.kind === "virtual-host" || patch.kind === "route"
      ? (patch.entries ?? []).map((entry, index) => ({
          resource: patch.resource,
          field: `${patch.field}.patch.value.rate_limits[${index}]`,
          forms: listPossibleDescriptors(entry),
        }))
      : [],
  );
  return asked.flatMap(({ resource, field, filter }) => {
    const source = limiters.find(({ config }) => config.domain === filter.domain);
    if (source === undefined) {
      const text = `No limiter is configured for the domain "${filter.domain}"`;
      return [buildMessage("HKL0205", resource, `${field}.patch.value.typed_config.domain`, text)];
    }
    const root = buildRules([source.config]).get(filter.domain);
    if (root === undefined) return [];
    const deaf = lists.filter(({ forms }) =>
      forms.every((entries) => findPossibleRules(root, entries).size === 0),
    );
    const all = lists.flatMap(({ forms }) => forms);
    return [
      ...deaf.map((list) =>
        buildMessage(
          "HKL0206",
          list.resource,
          list.field,
          "The limiter has no rule for what these actions send",
        ),
      ),
      ...listUnreachedRules(root, all).map(({ path }) =>
        buildMessage(
          "HKL0207",
          source.resource,
          source.field,
          `No list of actions asks for the rule ${path}`,
        ),
      ),
    ];
  });
}
