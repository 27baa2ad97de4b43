import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { formatAmount } from "@hookline/command-line";
import { BootstrapError } from "../errors.ts";
import { readInstallation } from "../installation.ts";
import { type Connection, readMessage } from "../kube/connection.ts";
import { createDiscovery, type Discovery } from "../kube/discovery.ts";
import { explainRefusal } from "../kube/explain.ts";
import { nameResource, type Resource } from "../kube/resource.ts";
import { waitFor } from "../kube/wait-for.ts";
import { listApplications } from "../list-applications.ts";
import { declareRoot } from "../root.ts";
import type { CommandContext } from "./context.ts";

/**
 * The way back: the root goes with all that it deployed, which Argo CD itself takes away, and
 * then Argo CD. With --orphan what was deployed stays, and nobody looks after it any more.
 */
export async function uninstall(context: CommandContext): Promise<void> {
  const { options, root, report, connect } = context;
  if (!options.yes && !options.dryRun) {
    throw new BootstrapError(
      "Cannot uninstall without --yes: it takes away all that was deployed",
      {
        code: "USAGE",
        next: "See what is there: bun run bootstrap status",
      },
    );
  }
  const connection = connect();
  const discovery = createDiscovery(connection);
  report.stage(1, 2, options.orphan ? "Let the applications go" : "Take the applications away");
  await removeApplications(context, connection, discovery);
  report.stage(2, 2, `Take Argo CD ${INSTALLATION.version} away`);
  const installation = await readInstallation({ root, prepared: options.prepared });
  // Last come the namespace and the kinds, with all that is left in them.
  let removed = 0;
  for (const resource of installation.toReversed()) {
    if (await remove(connection, resource, { discovery, dryRun: options.dryRun })) removed += 1;
  }
  const would = options.dryRun ? "would be " : "";
  report.progress(`${formatAmount(removed, "resource")} ${would}deleted`);
}

async function removeApplications(
  { options, report }: CommandContext,
  connection: Connection,
  discovery: Discovery,
): Promise<void> {
  const names = await listApplications(connection).then(
    (list) => list.map(({ name }) => name),
    (error: unknown) => {
      if (error instanceof BootstrapError && error.code === "NOT_FOUND") return [];
      throw error;
    },
  );
  report.progress(names.length === 0 ? "there are none" : names.join(", "));
  if (names.length === 0 || options.dryRun) return;
  const applications = names.map(nameApplication);
  if (options.orphan) {
    for (const one of applications) await release(connection, one, discovery);
  }
  for (const one of [...declareRoot(), ...(options.orphan ? applications : [])]) {
    const { apiVersion, kind, metadata } = one;
    const resource = {
      apiVersion,
      kind,
      metadata: { name: metadata.name, namespace: metadata.namespace },
    };
    if (kind === "Application") await remove(connection, resource, { discovery, dryRun: false });
  }
  const next = "Is Argo CD running? If not, let go of what it deployed: --orphan";
  await waitFor("the applications are gone", { timeoutMs: options.timeoutMs, next }, async () => {
    const left = await listApplications(connection);
    const state = `left: ${left.map(({ name }) => name).join(", ")}`;
    return left.length === 0 ? { done: true } : { done: false, state };
  });
}

function nameApplication(name: string): Resource {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: INSTALLATION.namespace },
  };
}

/** Without its finalizer an application goes without what it deployed. */
async function release(
  connection: Connection,
  resource: Resource,
  discovery: Discovery,
): Promise<void> {
  const answer = await connection.request({
    method: "PATCH",
    path: (await discovery.locate(resource)) ?? "",
    contentType: "application/merge-patch+json",
    body: { metadata: { finalizers: null } },
  });
  check(`let go of ${nameResource(resource)}`, answer);
}

interface RemoveOptions {
  readonly discovery: Discovery;
  readonly dryRun: boolean;
}

/** Gives whether there was anything to delete. */
async function remove(
  connection: Connection,
  resource: Resource,
  { discovery, dryRun }: RemoveOptions,
): Promise<boolean> {
  const path = await discovery.locate(resource);
  if (path === undefined) return false;
  const answer = await connection.request({
    method: "DELETE",
    path: `${path}?propagationPolicy=Background${dryRun ? "&dryRun=All" : ""}`,
  });
  if (answer.status === 404) return false;
  check(`delete ${nameResource(resource)}`, answer);
  return true;
}

function check(action: string, { status, body }: { status: number; body: unknown }): void {
  if (status < 300) return;
  const message = readMessage(body) ?? "the server gave no reason";
  throw explainRefusal({ action, status, message });
}
