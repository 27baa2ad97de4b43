import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { formatAmount } from "@hookline/command-line";
import { BootstrapError } from "../errors.ts";
import { readInstallation } from "../installation.ts";
import { createDiscovery } from "../kube/discovery.ts";
import { removeResource } from "../kube/remove-resource.ts";
import type { CommandContext } from "./context.ts";
import { removeApplications } from "./remove-applications.ts";

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
  await removeApplications(context, { connection, discovery });
  report.stage(2, 2, `Take Argo CD ${INSTALLATION.version} away`);
  const installation = await readInstallation({ root, prepared: options.prepared });
  // Last come the namespace and the kinds, with all that is left in them.
  let removed = 0;
  for (const resource of installation.toReversed()) {
    const isThere = await removeResource(connection, resource, {
      discovery,
      dryRun: options.dryRun,
    });
    if (isThere) removed += 1;
  }
  const would = options.dryRun ? "would be " : "";
  report.progress(`${formatAmount(removed, "resource")} ${would}deleted`);
}
