import type { Resource } from "./checks/kinds.ts";
import { sortForSync, waveOf } from "./checks/sync-order.ts";

/** What Argo CD may say of a resource's health; nothing where it has no check for the kind. */
export type Health = "Healthy" | "Progressing" | "Degraded" | "Missing" | undefined;

export interface Sync {
  readonly phase: "succeeded" | "failed" | "running";
  /** At which step each resource was applied, by `Kind/name`. */
  readonly appliedAt: ReadonlyMap<string, number>;
}

interface SimulateSyncOptions {
  /** What the cluster says of a resource that was applied so many steps ago. */
  readonly healthAt: (resource: Resource, age: number) => Health;
  readonly steps?: number;
}

/**
 * One sync as Argo CD 3.5 runs it (`Sync()` in its gitops-engine/pkg/sync/sync_context.go), each
 * step a look at the cluster: a wave is applied when nothing of those before it still runs. What
 * has no health is done when applied; what is degraded fails the sync; nobody waits for the last
 * wave, nor at all where there is one only.
 */
export function simulateSync(resources: readonly Resource[], options: SimulateSyncOptions): Sync {
  const { healthAt, steps = 50 } = options;
  const appliedAt = new Map<string, number>();
  let pending = sortForSync(resources);
  let running: Resource[] = [];
  for (let step = 0; step < steps; step++) {
    const health = (one: Resource) => healthAt(one, step - (appliedAt.get(nameOf(one)) ?? step));
    if (running.some((one) => health(one) === "Degraded")) return { phase: "failed", appliedAt };
    running = running.filter((one) => ![undefined, "Healthy"].includes(health(one)));
    if (running.length > 0) continue;
    const [next] = pending;
    if (next === undefined) return { phase: "succeeded", appliedAt };
    running = pending.filter((one) => waveOf(one) === waveOf(next));
    pending = pending.filter((one) => !running.includes(one));
    for (const one of running) appliedAt.set(nameOf(one), step);
    if (pending.length === 0) return { phase: "succeeded", appliedAt };
  }
  return { phase: "running", appliedAt };
}

/**
 * What a cluster has while a sync takes it from one tree to another: first what changed or is new, one after another,
 * then all at once without what went (`PruneLast=true`; `getSyncTasks()` of the same file gives it a wave behind the last).
 */
export function listStates<One extends Resource>(before: readonly One[], after: readonly One[]) {
  const wanted = new Set(after.map(nameOf));
  const states: One[][] = [];
  let cluster = new Map(before.map((one) => [nameOf(one), one]));
  for (const one of sortForSync(after)) {
    if (Bun.deepEquals(cluster.get(nameOf(one)), one)) continue;
    cluster = new Map(cluster).set(nameOf(one), one);
    states.push([...cluster.values()]);
  }
  return [...states, [...cluster.values()].filter((one) => wanted.has(nameOf(one)))];
}

function nameOf({ kind, metadata }: Resource): string {
  return `${kind}/${metadata.name}`;
}
