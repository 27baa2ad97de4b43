import { CoreV1Api } from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";
import { type Connection, callApi } from "../kube/connection.ts";

/** The first containerd that mounts images (containerd#10579). */
const OLDEST_CONTAINERD: readonly [major: number, minor: number] = [2, 1];
/** The first CRI-O that does (Kubernetes' blog, "Image Volumes graduate to beta"). */
const OLDEST_CRI_O: readonly [major: number, minor: number] = [1, 31];

const OLDEST: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  containerd: OLDEST_CONTAINERD,
  "cri-o": OLDEST_CRI_O,
};

/** A node, and what it runs containers with, as it tells it: `containerd://2.3.2-k3s2`. */
export interface NodeRuntime {
  readonly name: string;
  readonly runtime: string;
}

/** What each node of the cluster runs containers with. */
export async function readRuntimes(connection: Connection): Promise<NodeRuntime[]> {
  const { items } = await callApi("list the nodes", connection.api(CoreV1Api).listNode());
  return items.map(({ metadata, status }) => ({
    name: metadata?.name ?? "",
    runtime: status?.nodeInfo?.containerRuntimeVersion ?? "unknown",
  }));
}

/** Refuses nodes that cannot mount an image as a volume, which is how a model comes to its service. */
export function checkRuntimes(nodes: readonly NodeRuntime[]): void {
  const old = nodes.filter(({ runtime }) => !canMountImages(runtime));
  if (old.length === 0) return;
  const named = old.map(({ name, runtime }) => `${name} has ${runtime}`).join(", ");
  throw new BootstrapError(`Cannot use this cluster: its nodes mount no images: ${named}`, {
    code: "VERSION",
    next: `Give each node containerd ${OLDEST_CONTAINERD.join(".")} or CRI-O ${OLDEST_CRI_O.join(".")}, or newer (k3s v1.35 and v1.36 bring one)`,
  });
}

function canMountImages(runtime: string): boolean {
  const [, name = "", major, minor] = /^([\w-]+):\/\/v?(\d+)\.(\d+)/.exec(runtime) ?? [];
  const oldest = OLDEST[name];
  if (oldest === undefined) return false;
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
}
