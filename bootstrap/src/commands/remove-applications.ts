import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import { BootstrapError } from "../errors.ts";
import type { Connection } from "../kube/connection.ts";
import type { Discovery } from "../kube/discovery.ts";
import { removeFinalizers, removeResource } from "../kube/remove-resource.ts";
import { parseItems, type Resource } from "../kube/resource.ts";
import { waitFor } from "../kube/wait-for.ts";
import { listApplications } from "../list-applications.ts";
import type { CommandContext } from "./context.ts";

interface Cluster {
  readonly connection: Pick<Connection, "request" | "server">;
  readonly discovery: Pick<Discovery, "locate">;
}

const API = "argoproj.io/v1alpha1";
const ROOT = nameResource("Application", "root");

/** Takes the root away and waits until all that it made is gone; with --orphan none of them takes along what it deployed. */
export async function removeApplications(
  { options, report }: Pick<CommandContext, "options" | "report">,
  cluster: Cluster,
): Promise<void> {
  const names = await listNames(cluster.connection);
  report.progress(names.length === 0 ? "there are none" : names.join(", "));
  if (names.length === 0 || options.dryRun) return;
  if (options.orphan) await letMakersGo(cluster);
  else await removeResource(cluster.connection, ROOT, cluster);
  const next = "Is Argo CD running? If not, let go of what it deployed: --orphan";
  await waitFor("the applications are gone", { timeoutMs: options.timeoutMs, next }, async () => {
    const left = await listNames(cluster.connection);
    if (left.length === 0) return { done: true };
    if (options.orphan) {
      for (const name of left) await letGo(cluster, nameResource("Application", name));
    }
    return { done: false, state: `left: ${left.join(", ")}` };
  });
}

async function listNames(connection: Cluster["connection"]): Promise<string[]> {
  try {
    return (await listApplications(connection)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof BootstrapError && error.code === "NOT_FOUND") return [];
    throw error;
  }
}

/**
 * Who makes applications goes before them: the root puts back what it made, and so does a set, with the finalizer by
 * which an application takes along what it deployed.
 */
async function letMakersGo(cluster: Cluster): Promise<void> {
  await letGo(cluster, ROOT);
  const { connection, discovery } = cluster;
  const path = `/apis/${API}/namespaces/${ARGO_CD_NAMESPACE}/applicationsets`;
  const { status, body } = await connection.request({ method: "GET", path });
  if (status !== 200) return;
  for (const { metadata } of parseItems(body)) {
    const set = nameResource("ApplicationSet", metadata.name);
    await removeResource(connection, set, { discovery, owned: "Orphan" });
  }
}

async function letGo({ connection, discovery }: Cluster, resource: Resource): Promise<void> {
  if (!(await removeFinalizers(connection, resource, discovery))) return;
  await removeResource(connection, resource, { discovery });
}

function nameResource(kind: string, name: string): Resource {
  return { apiVersion: API, kind, metadata: { name, namespace: ARGO_CD_NAMESPACE } };
}
