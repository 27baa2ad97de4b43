import { z } from "zod";

const Health = z.looseObject({ status: z.string().optional(), message: z.string().optional() });
const Part = z.looseObject({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  status: z.string().optional(),
  health: Health.optional(),
  message: z.string().optional(),
});
const Application = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({}).optional(),
  status: z
    .looseObject({
      sync: z
        .looseObject({ status: z.string().optional(), revision: z.string().optional() })
        .optional(),
      health: Health.optional(),
      conditions: z.array(z.looseObject({ type: z.string(), message: z.string() })).optional(),
      operationState: z
        .looseObject({
          phase: z.string().optional(),
          message: z.string().optional(),
          syncResult: z.looseObject({ resources: z.array(Part).nullish() }).optional(),
        })
        .optional(),
      resources: z.array(Part).nullish(),
    })
    .optional(),
});
type Status = NonNullable<z.infer<typeof Application>["status"]>;

/** How an application of Argo CD is. */
export interface ApplicationState {
  readonly name: string;
  /** Synced, OutOfSync or Unknown. */
  readonly sync: string;
  /** Healthy, Progressing, Degraded, Suspended, Missing or Unknown. */
  readonly health: string;
  readonly revision: string | undefined;
  readonly done: boolean;
  /** What is wrong and in which resource, in Argo CD's words; undefined while it may still get well. */
  readonly problem: string | undefined;
}

/** Reads one Application as the API server answers it. One that Argo CD has not looked at yet is Unknown. */
export function readApplicationState(value: unknown): ApplicationState {
  const { metadata, status = {} } = Application.parse(value);
  // An application that is being made has empty texts.
  const sync = status.sync?.status || "Unknown";
  const health = status.health?.status || "Unknown";
  return {
    name: metadata.name,
    sync,
    health,
    revision: status.sync?.revision,
    done: sync === "Synced" && health === "Healthy",
    problem: findProblem(status)?.replaceAll(/\s+/g, " ").trim(),
  };
}

function findProblem(status: Status): string | undefined {
  const error = status.conditions?.find(({ type }) => type.endsWith("Error"));
  if (error !== undefined) return error.message;
  const { phase, message, syncResult } = status.operationState ?? {};
  if (phase === "Failed" || phase === "Error") {
    const failed = syncResult?.resources?.find((one) => one.status === "SyncFailed");
    return failed === undefined
      ? (message ?? phase)
      : `${namePart(failed)}: ${failed.message ?? ""}`;
  }
  if (status.health?.status !== "Degraded") return undefined;
  const ill = status.resources?.find((one) => one.health?.status === "Degraded");
  if (ill === undefined) return status.health.message ?? "degraded";
  return `${namePart(ill)} is degraded: ${ill.health?.message ?? "no reason given"}`;
}

function namePart({ kind, namespace, name }: z.infer<typeof Part>): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
