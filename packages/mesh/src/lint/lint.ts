import type { JsonObject } from "../types.ts";
import { checkGateways } from "./check-gateways.ts";
import { checkLimits } from "./check-limits.ts";
import { checkReferences } from "./check-references.ts";
import { checkRoutes } from "./check-routes.ts";
import { checkWorkloads } from "./check-workloads.ts";
import type { LintLevel, LintMessage } from "./message.ts";
import { readLimiters } from "./read-limiters.ts";
import { readTree } from "./read-tree.ts";

export interface LintOptions {
  /** Reads the limiter's configuration in a ConfigMap; without it descriptors and rules are not compared. */
  readonly parseYaml?: (text: string) => unknown;
}

const LEVELS: readonly LintLevel[] = ["error", "warning", "info"];

/**
 * What is wrong with a configuration, the worst first. Throws nothing for a resource that cannot
 * be read: that is a message too, and the others are still checked.
 */
export function lint(
  resources: readonly JsonObject[],
  { parseYaml }: LintOptions = {},
): readonly LintMessage[] {
  const { tree, messages } = readTree(resources);
  const limiters = parseYaml === undefined ? undefined : readLimiters(resources, parseYaml);
  const all = [
    ...messages,
    ...checkWorkloads(tree),
    ...checkReferences(tree),
    ...checkRoutes(tree),
    ...checkGateways(tree),
    ...(limiters?.messages ?? []),
    ...checkLimits(tree, limiters?.limiters),
  ];
  return LEVELS.flatMap((level) => all.filter((one) => one.level === level));
}
