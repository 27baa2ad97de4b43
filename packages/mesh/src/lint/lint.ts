import { createMesh } from "../create-mesh.ts";
import type { JsonObject } from "../types.ts";
import { checkGateways } from "./check-gateways.ts";
import { checkLimits } from "./check-limits.ts";
import { checkReferences } from "./check-references.ts";
import { checkRoutes } from "./check-routes.ts";
import { checkWorkloads } from "./check-workloads.ts";
import type { LintLevel, LintMessage } from "./message.ts";
import { readLimiters } from "./read-limiters.ts";
import { explainFailure, readTree } from "./read-tree.ts";

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
    ...(messages.length > 0 ? messages : checkMesh(resources)),
    ...checkWorkloads(tree),
    ...checkReferences(tree),
    ...checkRoutes(tree),
    ...checkGateways(tree),
    ...(limiters?.messages ?? []),
    ...checkLimits(tree, limiters?.limiters),
  ];
  return LEVELS.flatMap((level) => all.filter((one) => one.level === level));
}

/** What of the mesh cannot be made though each resource can be read: a kind that is not modelled, a second filter. */
function checkMesh(resources: readonly JsonObject[]): readonly LintMessage[] {
  const message = explainFailure(() => {
    const mesh = createMesh(resources);
    for (const { namespace, selector: labels, port } of mesh.gateways) {
      mesh.router({ kind: "gateway", namespace, labels, port });
    }
    for (const { namespace, labels, serviceAccount } of mesh.workloads) {
      mesh.router({ kind: "workload", namespace, labels, serviceAccount });
    }
  });
  return message === undefined ? [] : [message];
}
