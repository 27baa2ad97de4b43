// `bun run status`: the state of the cluster that listens on a port, in words.
import { formatAmount } from "@hookline/command-line";
import type { ClusterState, PodState } from "./cluster-state.ts";
import { describeTraffic } from "./describe-traffic.ts";
import { UpError } from "./errors.ts";
import { FOLLOWED } from "./followed.ts";
import { StatusBody } from "./status-schema.ts";

const WITHIN_MS = 5_000;

export interface StatusOptions {
  readonly port: number;
  readonly json: boolean;
}

/** Asks the cluster on a port of this machine; throws NO_CLUSTER when nothing of ours answers there. */
export async function readStatus({ port, json }: StatusOptions): Promise<string> {
  const body = await ask(port);
  const read = StatusBody.safeParse(body);
  if (!read.success) {
    throw noCluster(port, "what answers there is not the cluster of this version", read.error);
  }
  if (json) return `${JSON.stringify(body, null, 2)}\n`;
  const { traffic, ...state } = read.data;
  return `${[...describeState(state), ...describeTraffic(traffic, Date.now())].join("\n")}\n`;
}

async function ask(port: number): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const answer = await fetch(`http://127.0.0.1:${port}/_local/api/state`, { signal });
    return await answer.json();
  } catch (error) {
    throw noCluster(port, "start one with bun run up, or name its port with --port", error);
  }
}

function noCluster(port: number, why: string, cause: unknown): UpError {
  const message = `Cannot find a cluster on port ${port}: ${why}`;
  return new UpError(message, { code: "NO_CLUSTER", cause });
}

/** A line for what is deployed, then one for each Deployment and pod. */
export function describeState(state: ClusterState): readonly string[] {
  const { url, overlay, revision, refused, rollout, watch, workloads, thirdParty } = state;
  return [
    `${url}  ${overlay}, ${revision.text}`,
    ...(watch === "nothing" ? [] : [FOLLOWED[watch]]),
    ...(rollout ? [`deploying ${rollout.revision}`] : []),
    ...(refused ? [`refused ${refused.revision}: ${refused.reason}`] : []),
    ...workloads.flatMap((workload) => [
      `${workload.name}  ${workload.ready} of ${workload.replicas} ready`,
      ...workload.pods.map(describePod),
    ]),
    ...thirdParty.map(({ name, text }) => `${name}  ${text}`),
  ];
}

function describePod({ name, phase, restarts, pid, lastEnd }: PodState): string {
  const again =
    restarts === 0
      ? ""
      : `, ${formatAmount(restarts, "restart")}, the last: ${lastEnd ?? "unknown"}`;
  return `  ${phase.padEnd(8)}  ${name}  pid ${pid ?? "-"}${again}`;
}
