import type { RateLimitEntry } from "./action-schema.ts";
import { listRules, type Rule, type RuleNode, takeStep } from "./rules.ts";

/** An entry of a descriptor that is not sent yet; the value is undefined where it differs from caller to caller. */
export interface PossibleEntry {
  readonly key: string;
  readonly value: string | undefined;
}

/** Every form of the descriptor that a list of actions can give: an entry that may be skipped doubles them. */
export function listPossibleDescriptors(
  entry: RateLimitEntry,
): readonly (readonly PossibleEntry[])[] {
  let forms: readonly (readonly PossibleEntry[])[] = [[]];
  for (const action of entry.actions) {
    const { added, skipped } = describeAction(action);
    forms = forms.flatMap((form) => [
      ...(added === undefined ? [] : [[...form, added]]),
      ...(skipped ? [form] : []),
    ]);
  }
  return forms;
}

type Action = RateLimitEntry["actions"][number];

/** What an action can add, and whether the list may go on without. */
function describeAction(action: Action): {
  readonly added: PossibleEntry | undefined;
  readonly skipped: boolean;
} {
  const always = (key: string, value?: string) => ({ added: { key, value }, skipped: false });
  const { generic_key, request_headers, query_parameters, metadata } = action;
  if (generic_key !== undefined) {
    return always(generic_key.descriptor_key || "generic_key", generic_key.descriptor_value);
  }
  const match = action.header_value_match ?? action.query_parameter_value_match;
  if (match !== undefined) {
    const key = action.header_value_match === undefined ? "query_match" : "header_match";
    return always(match.descriptor_key || key, match.descriptor_value);
  }
  const value = request_headers ?? query_parameters;
  if (value !== undefined) {
    return {
      added: { key: value.descriptor_key, value: undefined },
      skipped: value.skip_if_absent,
    };
  }
  if (metadata !== undefined) {
    const known = metadata.source === "ROUTE_ENTRY" || metadata.default_value !== "";
    const own = metadata.source === "ROUTE_ENTRY" ? undefined : metadata.default_value;
    const added = known ? { key: metadata.descriptor_key, value: own } : undefined;
    return { added, skipped: metadata.skip_if_absent };
  }
  if (action.masked_remote_address !== undefined) return always("masked_remote_address");
  if (action.source_cluster !== undefined) return always("source_cluster");
  return always(
    action.destination_cluster === undefined ? "remote_address" : "destination_cluster",
  );
}

/** The rules that a descriptor can hit, whatever its open values turn out to be. */
export function findPossibleRules(
  root: RuleNode,
  [entry, ...rest]: readonly PossibleEntry[],
): ReadonlySet<Rule> {
  if (entry === undefined) return new Set();
  const { key, value } = entry;
  const step = value === undefined ? undefined : takeStep(root, key, value)?.node;
  const children =
    value === undefined ? listChildren(root, key) : [step].filter((one) => one !== undefined);
  const rules = children.flatMap((child) => {
    if (rest.length > 0) return [...findPossibleRules(child, rest)];
    return child.rule === undefined ? [] : [child.rule];
  });
  return new Set(rules);
}

/** Every child that some value of the key takes. */
function listChildren(root: RuleNode, key: string): readonly RuleNode[] {
  const prefix = `${key}_`;
  return [...root.children].flatMap(([composite, child]) => {
    const [start = ""] = composite.split("*");
    const wild = composite.includes("*") && (start.startsWith(prefix) || prefix.startsWith(start));
    return composite === key || composite.startsWith(prefix) || wild ? [child] : [];
  });
}

/** The rules of a domain that none of the descriptors can hit. */
export function listUnreachedRules(
  root: RuleNode,
  descriptors: readonly (readonly PossibleEntry[])[],
): readonly Rule[] {
  const hit = new Set(descriptors.flatMap((entries) => [...findPossibleRules(root, entries)]));
  return listRules(root).filter((rule) => !hit.has(rule));
}
