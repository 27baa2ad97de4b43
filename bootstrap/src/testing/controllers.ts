import { z } from "zod";
import type { Connection } from "../kube/connection.ts";
import { parseItems } from "../kube/resource.ts";

/** The workloads whose status a kube-controller-manager and kubelets would write. */
const WORKLOADS = ["deployments", "statefulsets"];

const Workload = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string(), generation: z.number() }),
  spec: z.looseObject({ replicas: z.number().optional() }),
  status: z.looseObject({ observedGeneration: z.number().optional() }).optional(),
});

/**
 * Stands in for what a test cluster has not: every Deployment and StatefulSet is ready, except
 * those that `ill` names. Looks every 200 ms until it is stopped.
 */
export function startControllers(
  connection: Connection,
  ill: (name: string) => boolean = () => false,
) {
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      for (const plural of WORKLOADS) await makeReady(connection, plural, ill);
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
  plural: string,
  ill: (name: string) => boolean,
): Promise<void> {
  const { body } = await connection.request({ method: "GET", path: `/apis/apps/v1/${plural}` });
  for (const item of parseItems(body)) {
    const { metadata, spec, status } = Workload.parse(item);
    if (status?.observedGeneration === metadata.generation || ill(metadata.name)) continue;
    await connection.request({
      method: "PATCH",
      path: `/apis/apps/v1/namespaces/${metadata.namespace}/${plural}/${metadata.name}/status`,
      contentType: "application/merge-patch+json",
      body: { status: buildStatus(spec.replicas ?? 1, metadata.generation) },
    });
  }
}

function buildStatus(replicas: number, observedGeneration: number) {
  return {
    observedGeneration,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    conditions: [{ type: "Available", status: "True", reason: "MinimumReplicasAvailable" }],
  };
}
