import { z } from "zod";
import type { Connection } from "../kube/connection.ts";
import { parseItems } from "../kube/resource.ts";

/** Kinds whose status a kube-controller-manager and kubelets would write, and what they would. */
const KINDS: readonly (readonly [path: string, plural: string, build: BuildStatus])[] = [
  ["/apis/apps/v1", "deployments", buildWorkloadStatus],
  ["/apis/apps/v1", "statefulsets", buildWorkloadStatus],
  ["/apis/policy/v1", "poddisruptionbudgets", buildBudgetStatus],
  ["/apis/autoscaling/v2", "horizontalpodautoscalers", buildAutoscalerStatus],
];

type BuildStatus = (replicas: number, generation: number) => unknown;

const Item = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    generation: z.number().default(1),
  }),
  spec: z.looseObject({ replicas: z.number().optional() }).optional(),
  status: z.looseObject({ observedGeneration: z.number().optional() }).optional(),
});

/**
 * Stands in for what a test cluster has not: every Deployment and StatefulSet is ready. Looks every 200 ms until it is stopped.
 */
export function startControllers(connection: Connection) {
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      for (const kind of KINDS) await makeReady(connection, kind);
      await Bun.sleep(200);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}

async function makeReady(
  connection: Connection,
  [path, plural, build]: (typeof KINDS)[number],
): Promise<void> {
  const { body } = await connection.request({ method: "GET", path: `${path}/${plural}` });
  for (const item of parseItems(body)) {
    const { metadata, spec, status } = Item.parse(item);
    if (status?.observedGeneration === metadata.generation) continue;
    await connection.request({
      method: "PATCH",
      path: `${path}/namespaces/${metadata.namespace}/${plural}/${metadata.name}/status`,
      contentType: "application/merge-patch+json",
      body: { status: build(spec?.replicas ?? 1, metadata.generation) },
    });
  }
}

function buildWorkloadStatus(replicas: number, observedGeneration: number) {
  return {
    observedGeneration,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    conditions: [{ type: "Available", status: "True", reason: "MinimumReplicasAvailable" }],
  };
}

function buildBudgetStatus(_: number, observedGeneration: number) {
  const condition = { type: "DisruptionAllowed", status: "True", reason: "SufficientPods" };
  return {
    observedGeneration,
    currentHealthy: 2,
    desiredHealthy: 1,
    expectedPods: 2,
    disruptionsAllowed: 1,
    conditions: [{ ...condition, message: "", lastTransitionTime: "2026-01-01T00:00:00Z" }],
  };
}

function buildAutoscalerStatus(_: number, observedGeneration: number) {
  return {
    observedGeneration,
    currentReplicas: 1,
    desiredReplicas: 1,
    conditions: [{ type: "AbleToScale", status: "True", reason: "ReadyForNewScale" }],
  };
}
