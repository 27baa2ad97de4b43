import { MeshError } from "../errors.ts";
import type { Descriptor } from "../types.ts";
import {
  compositeKey,
  type LimiterConfig,
  type LimiterDescriptor,
  type LimiterRateLimit,
} from "./limiter-config.ts";

/** A level of the rules, ready to be walked. */
export interface RuleNode {
  readonly children: Map<string, RuleNode>;
  /** The children with a "*", in the order of the file, split there. */
  readonly wildcards: { readonly key: string; readonly parts: readonly string[] }[];
  readonly rule: Rule | undefined;
  readonly valueToMetric: boolean;
  /** The composite key of a wildcard whose values share one count. */
  readonly sharedPattern: string | undefined;
}

/** A rule that has a limit. */
export interface Rule {
  readonly limit: LimiterRateLimit;
  readonly shadowMode: boolean;
  readonly quotaMode: boolean;
  readonly detailedMetric: boolean;
  /** The way to it as people read it: "client=anonymous/remote_address". */
  readonly path: string;
  /** The way to it as the limiter names its counters: "domain.client_anonymous.remote_address". */
  readonly fullKey: string;
}

/** The rule that a descriptor hits, and under which names it is counted. */
export interface RuleHit {
  readonly rule: Rule;
  /** The name of the counters for the metrics. */
  readonly statsKey: string;
  /** For each entry the pattern that stands for its value in the count; undefined where its own does. */
  readonly shared: readonly (string | undefined)[] | undefined;
}

/**
 * The rules of each domain. Refuses two configurations of one domain unless they are to be merged
 * (`MERGE_DOMAIN_CONFIG` of the limiter), and then two rules of one key and value.
 */
export function buildRules(
  configs: readonly LimiterConfig[],
  mergeDomains: boolean = false,
): ReadonlyMap<string, RuleNode> {
  const domains = new Map<string, RuleNode>();
  for (const { domain, descriptors } of configs) {
    const known = domains.get(domain);
    if (known !== undefined && !mergeDomains) {
      throw new MeshError(`duplicate domain '${domain}' in config file`, {
        code: "INVALID",
        field: "domain",
      });
    }
    const root = known ?? createNode(undefined, undefined);
    for (const one of descriptors) addRule(root, one, { path: "", fullKey: domain });
    domains.set(domain, root);
  }
  return domains;
}

function createNode(rule: Rule | undefined, from: LimiterDescriptor | undefined): RuleNode {
  return {
    children: new Map(),
    wildcards: [],
    rule,
    valueToMetric: from?.valueToMetric ?? false,
    sharedPattern: from?.shareThreshold === true ? compositeKey(from) : undefined,
  };
}

function addRule(
  parent: RuleNode,
  from: LimiterDescriptor,
  above: { readonly path: string; readonly fullKey: string },
): void {
  const key = compositeKey(from);
  const here = `${from.key}${from.value === "" ? "" : `=${from.value}`}`;
  const path = above.path === "" ? here : `${above.path}/${here}`;
  const fullKey = `${above.fullKey}.${key}`;
  if (parent.children.has(key)) {
    throw new MeshError(`duplicate descriptor composite key '${fullKey}'`, { code: "INVALID" });
  }
  const { rateLimit: limit, shadowMode, quotaMode, detailedMetric } = from;
  const rule =
    limit === undefined
      ? undefined
      : { limit, shadowMode, quotaMode, detailedMetric, path, fullKey };
  const node = createNode(rule, from);
  if (key.includes("*")) parent.wildcards.push({ key, parts: key.split("*") });
  parent.children.set(key, node);
  for (const one of from.descriptors) addRule(node, one, { path, fullKey });
}

/** Every rule that has a limit, in the order of the configuration. */
export function listRules(node: RuleNode): readonly Rule[] {
  return [...node.children.values()].flatMap((child) => [
    ...(child.rule === undefined ? [] : [child.rule]),
    ...listRules(child),
  ]);
}

/**
 * The rule that a descriptor hits: entry by entry the rule of key and value, else the first
 * wildcard of the file that takes it, else the rule of the key alone; a limit counts only at the
 * last entry (`GetLimit` in src/config/config_impl.go of envoyproxy/ratelimit at 1e50889b).
 */
export function findRule(root: RuleNode, domain: string, entries: Descriptor): RuleHit | undefined {
  let node: RuleNode = root;
  let metricKey = domain;
  let shared: (string | undefined)[] | undefined;
  for (const [index, [key, value]] of entries.entries()) {
    const step = takeStep(node, key, value);
    if (step === undefined) return undefined;
    if (step.wildcard !== undefined && step.node.sharedPattern !== undefined) {
      const pattern = trimKey(step.node.sharedPattern, key);
      if (pattern !== "") {
        shared ??= entries.map(() => undefined);
        shared[index] = pattern;
      }
    }
    const shown = shownValue(step, value, key, shared?.[index]);
    metricKey += shown === "" ? `.${key}` : `.${key}_${shown}`;
    node = step.node;
  }
  // The walk goes on below the last entry only if there is one: an empty descriptor hits nothing.
  if (entries.length === 0 || node.rule === undefined) return undefined;
  const statsKey = node.rule.detailedMetric ? detailedKey(domain, entries, shared) : metricKey;
  return { rule: node.rule, statsKey, shared };
}

interface Step {
  readonly node: RuleNode;
  readonly wildcard: string | undefined;
  readonly byValue: boolean;
}

/** The child that an entry takes: by key and value, by the first wildcard, or by the key alone. */
export function takeStep(node: RuleNode, key: string, value: string): Step | undefined {
  const wished = `${key}_${value}`;
  const exact = node.children.get(wished);
  if (exact !== undefined) return { node: exact, wildcard: undefined, byValue: true };
  for (const { key: wildcard, parts } of node.wildcards) {
    const found = matchesWildcard(parts, wished) ? node.children.get(wildcard) : undefined;
    if (found !== undefined) return { node: found, wildcard, byValue: true };
  }
  const any = node.children.get(key);
  return any === undefined ? undefined : { node: any, wildcard: undefined, byValue: false };
}

/** Whether a text matches a pattern that was split at its stars: each stands for any characters. */
export function matchesWildcard(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return first === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  if (text.length < parts.reduce((sum, { length }) => sum + length, 0)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function trimKey(text: string, key: string): string {
  return text.startsWith(`${key}_`) ? text.slice(key.length + 1) : text;
}

/** What of an entry's value goes into the name of the counters. */
function shownValue(step: Step, value: string, key: string, shared: string | undefined): string {
  if (step.wildcard !== undefined) {
    if (shared !== undefined) return shared;
    return step.node.valueToMetric ? value : trimKey(step.wildcard, key);
  }
  return step.byValue || step.node.valueToMetric ? value : "";
}

/** The name of the counters with every value in it, a shared one as its pattern. */
function detailedKey(
  domain: string,
  entries: Descriptor,
  shared: readonly (string | undefined)[] | undefined,
): string {
  const parts = entries.map(([key, value], index) => {
    const pattern = shared?.[index];
    if (pattern !== undefined) return `${key}_${pattern}`;
    // Without a shared pattern the real one joins even an empty value.
    return shared !== undefined && value === "" ? key : `${key}_${value}`;
  });
  return [domain, ...parts].join(".");
}
