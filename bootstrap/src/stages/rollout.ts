import { z } from "zod";

const Workload = z.looseObject({
  metadata: z.looseObject({ generation: z.number().optional() }),
  spec: z.looseObject({ replicas: z.number().optional() }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      updatedReplicas: z.number().optional(),
      readyReplicas: z.number().optional(),
    })
    .optional(),
});

/** How many pods of the newest template a Deployment or StatefulSet has ready, and how many it wants. */
export function readRollout(value: unknown): { readonly ready: number; readonly wanted: number } {
  const { metadata, spec, status = {} } = Workload.parse(value);
  const wanted = spec.replicas ?? 1;
  // What the status says of an older spec does not count.
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return { ready: 0, wanted };
  return { ready: Math.min(status.updatedReplicas ?? 0, status.readyReplicas ?? 0), wanted };
}
