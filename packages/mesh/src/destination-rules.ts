import { compareSpecific, isSubsetOf, resolveShortName } from "./host.ts";
import type { Resource } from "./resource.ts";
import type {
  DestinationRuleSpec,
  SubsetSpec,
  TrafficPolicySpec,
} from "./schema/destination-rule.ts";
import type { Labels } from "./types.ts";
import { isPrivate, isVisibleTo, selects } from "./visibility.ts";

// Which DestinationRule a proxy uses for a service: PushContext.destinationRule and
// mergeDestinationRule (istio/istio pilot/pkg/model), SidecarScope.DestinationRule.

type Rule = Resource<DestinationRuleSpec>;

/** Rules of one host that Istio has merged. */
interface Merged {
  readonly exportTo: ReadonlySet<string>;
  readonly selector: Labels | undefined;
  readonly subsets: Map<string, SubsetSpec>;
  policy: TrafficPolicySpec | undefined;
}

/** What a service's rule says. */
export interface ServiceRule {
  readonly subsets: ReadonlyMap<string, SubsetSpec>;
  readonly policy: TrafficPolicySpec | undefined;
}

/** Whose rule is sought, and for which service. */
export interface RuleLookup {
  /** The namespace and the labels of the proxy that asks. */
  readonly namespace: string;
  readonly labels: Labels;
  /** The service: its full name and its namespace. */
  readonly fqdn: string;
  readonly owner: string;
}

/** The rule of a service for one proxy; undefined without one. */
export type RuleOf = (lookup: RuleLookup) => ServiceRule | undefined;

/** The rule that a proxy sees for a service: its own namespace's, the service's, the root's, in this order. */
export function indexDestinationRules(rules: readonly Rule[], rootNamespace: string): RuleOf {
  const ordered = sortRules(rules);
  const listOwn = (namespace: string, fqdn: string) => {
    const own = ordered.filter((one) => {
      const exportTo = readExportTo(one);
      if (one.namespace !== namespace) return false;
      if (namespace === rootNamespace) return isPrivate(exportTo, namespace);
      return isVisibleTo(exportTo, namespace, namespace);
    });
    return mergeMostSpecific(own, fqdn);
  };
  // The most specific host first, then who sees its rules: those of a wider host are not looked at.
  const listExported = (namespace: string, viewer: string, fqdn: string) => {
    const exported = ordered.filter(
      (one) => one.namespace === namespace && !isPrivate(readExportTo(one), namespace),
    );
    return mergeMostSpecific(exported, fqdn).filter(({ exportTo }) =>
      isVisibleTo([...exportTo], namespace, viewer),
    );
  };
  return ({ namespace, labels, fqdn, owner }) => {
    const tries = [
      () => listOwn(namespace, fqdn),
      () => listExported(owner, namespace, fqdn),
      () => listExported(rootNamespace, namespace, fqdn),
    ];
    for (const list of tries) {
      const merged = list();
      if (merged.length > 0) return choose(merged, labels);
    }
    return undefined;
  };
}

/** A rule with a workload selector stays in its namespace. */
function readExportTo({ spec }: Rule): readonly string[] | undefined {
  return spec.workloadSelector === undefined ? spec.exportTo : ["."];
}

/** Those with a selector first, then by age and name: sortConfigBySelectorAndCreationTime. */
function sortRules(rules: readonly Rule[]): Rule[] {
  const key = ({ created, name, spec }: Rule) =>
    [spec.workloadSelector === undefined ? "1" : "0", created, name].join("\u0000");
  return rules.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** The rules of the most specific host that covers the service. */
function mergeMostSpecific(rules: readonly Rule[], fqdn: string): Merged[] {
  const host = ({ spec, namespace }: Rule) => resolveShortName(spec.host, namespace);
  const hosts = rules
    .map(host)
    .filter((one) => isSubsetOf(fqdn, one))
    .sort(compareSpecific);
  const merged: Merged[] = [];
  for (const rule of rules) if (host(rule) === hosts[0]) merge(merged, rule);
  return merged;
}

/**
 * First come, first kept: a subset of a name that is there already is dropped. A rule that is exported
 * to all whom an earlier one is exported to goes into that one; whether it also stands for itself is
 * left to the last that it was held against, as in Istio.
 */
function merge(merged: Merged[], rule: Rule): void {
  const exportTo = new Set(readExportTo(rule) ?? []);
  const selector = rule.spec.workloadSelector?.matchLabels;
  let isApart = true;
  for (const one of merged) {
    isApart = true;
    const isSame = one.exportTo.size === exportTo.size;
    if (!one.exportTo.isSubsetOf(exportTo) || (one.exportTo.size === 0 && !isSame)) continue;
    if (one.selector !== undefined && selector !== undefined) {
      if (!selects(one.selector, selector) || !selects(selector, one.selector)) continue;
    }
    isApart = !isSame && (one.selector === undefined) !== (selector === undefined);
    addSubsets(one.subsets, rule);
    one.policy ??= rule.spec.trafficPolicy;
  }
  if (!isApart) return;
  const subsets = addSubsets(new Map(), rule);
  merged.push({ exportTo, selector, subsets, policy: rule.spec.trafficPolicy });
}

function addSubsets(subsets: Map<string, SubsetSpec>, { spec }: Rule): Map<string, SubsetSpec> {
  for (const one of spec.subsets) if (!subsets.has(one.name)) subsets.set(one.name, one);
  return subsets;
}

/** The first whose selector takes the proxy, else the last that has none. */
function choose(merged: readonly Merged[], labels: Labels): Merged | undefined {
  const selecting = merged.find(
    ({ selector }) => selector !== undefined && selects(selector, labels),
  );
  return selecting ?? merged.findLast(({ selector }) => selector === undefined);
}
