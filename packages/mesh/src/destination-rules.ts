import { compareSpecific, isSubsetOf, isWildcard, resolveShortName } from "./host.ts";
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
  const local = (namespace: string) =>
    ordered.filter((one) => one.namespace === namespace && isVisibleToItself(one));
  const exported = (namespace: string, viewer: string) =>
    ordered.filter(
      (one) =>
        one.namespace === namespace &&
        !isPrivate(readExportTo(one), one.namespace) &&
        isVisibleTo(readExportTo(one), one.namespace, viewer),
    );
  return ({ namespace, labels, fqdn, owner }) => {
    const own = local(namespace).filter(
      (one) => namespace !== rootNamespace || isPrivate(readExportTo(one), namespace),
    );
    const tries = [
      () => own,
      () => exported(owner, namespace),
      () => exported(rootNamespace, namespace),
    ];
    for (const candidates of tries) {
      const merged = mergeMostSpecific(candidates(), fqdn);
      if (merged.length > 0) return choose(merged, labels);
    }
    return undefined;
  };
}

/** A rule with a workload selector stays in its namespace. */
function readExportTo({ spec }: Rule): readonly string[] | undefined {
  return spec.workloadSelector === undefined ? spec.exportTo : ["."];
}

function isVisibleToItself(rule: Rule): boolean {
  return isVisibleTo(readExportTo(rule), rule.namespace, rule.namespace);
}

/** Those with a selector first, then by age, name and namespace: sortConfigBySelectorAndCreationTime. */
function sortRules(rules: readonly Rule[]): Rule[] {
  const key = ({ created, name, namespace, spec }: Rule) =>
    [spec.workloadSelector === undefined ? "1" : "0", created, name, namespace].join("\u0000");
  return rules.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** The rules of the most specific host that covers the service. */
function mergeMostSpecific(rules: readonly Rule[], fqdn: string): Merged[] {
  const host = ({ spec, namespace }: Rule) => resolveShortName(spec.host, namespace);
  const hosts = rules
    .map(host)
    .filter((one) => (isWildcard(one) ? isSubsetOf(fqdn, one) : one === fqdn))
    .sort(compareSpecific);
  const merged: Merged[] = [];
  for (const rule of rules) if (host(rule) === hosts[0]) merge(merged, rule);
  return merged;
}

/** First come, first kept: a subset of a name that is there already is dropped. */
function merge(merged: Merged[], rule: Rule): void {
  const exportTo = new Set(readExportTo(rule) ?? []);
  const selector = rule.spec.workloadSelector?.matchLabels;
  const same = merged.filter(
    (one) =>
      isSuperset(exportTo, one.exportTo) &&
      (one.exportTo.size > 0 || exportTo.size === 0) &&
      isSameSelector(one.selector, selector),
  );
  for (const one of same) {
    addSubsets(one.subsets, rule);
    one.policy ??= rule.spec.trafficPolicy;
  }
  if (same.some((one) => one.exportTo.size === exportTo.size)) return;
  const subsets = addSubsets(new Map(), rule);
  merged.push({ exportTo, selector, subsets, policy: rule.spec.trafficPolicy });
}

function addSubsets(subsets: Map<string, SubsetSpec>, { spec }: Rule): Map<string, SubsetSpec> {
  for (const one of spec.subsets) if (!subsets.has(one.name)) subsets.set(one.name, one);
  return subsets;
}

function isSuperset(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...other].every((item) => one.has(item));
}

function isSameSelector(one: Labels | undefined, other: Labels | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return selects(one, other) && selects(other, one);
}

/** The first whose selector takes the proxy, else the last that has none. */
function choose(merged: readonly Merged[], labels: Labels): Merged | undefined {
  const selecting = merged.find(
    ({ selector }) => selector !== undefined && selects(selector, labels),
  );
  return selecting ?? merged.findLast(({ selector }) => selector === undefined);
}
