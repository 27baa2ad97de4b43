import { formatAmount } from "@hookline/command-line";
import { z } from "zod";
import { readConditions } from "../kube/apply-all.ts";
import { type Answer, readMessage } from "../kube/connection.ts";
import type { Progress } from "../kube/wait-for.ts";

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

/** How far a rollout is, by the API server's answer; one that is no workload is an error that may pass. */
export function describeRollout({ status, body }: Answer): Progress {
  if (status !== 200) return { done: false, state: readMessage(body) ?? `HTTP ${status}` };
  const { ready, wanted } = readRollout(body);
  if (ready >= wanted) return { done: true };
  const reason = readConditions(body).find((one) => one.status === "False")?.message;
  return {
    done: false,
    state: `${ready} of ${formatAmount(wanted, "pod")} ready${reason ? ` (${reason})` : ""}`,
  };
}
