import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { chooseCharts, readInstallationVersion } from "../choose-charts.ts";
import { chooseRepository } from "../choose-repository.ts";
import { BootstrapError } from "../errors.ts";
import { readInstallation } from "../installation.ts";
import { createDiscovery } from "../kube/discovery.ts";
import { nameResource } from "../kube/resource.ts";
import type { Run } from "../run.ts";
import { applyRoot } from "../stages/apply-root.ts";
import { giveRepository } from "../stages/give-repository.ts";
import { install } from "../stages/install.ts";
import { reach } from "../stages/reach.ts";
import { waitUntilSynced } from "../stages/wait.ts";
import type { CommandContext } from "./context.ts";

interface Stage {
  readonly text: (run: Run) => string;
  readonly act: (run: Run) => Promise<void>;
}

/** From a cluster to one that pulls its state from Git. Each is safe to repeat. */
const STAGES: readonly Stage[] = [
  {
    text: ({ connection }) =>
      `Reach the cluster: ${connection.server} (context ${connection.context})`,
    act: reach,
  },
  { text: () => `Install Argo CD ${INSTALLATION.version}`, act: install },
  {
    text: ({ repository }) => `Give it the repository ${repository.url} at ${repository.revision}`,
    act: giveRepository,
  },
  { text: () => "Apply the root application", act: applyRoot },
  { text: () => "Wait until all is synced and healthy", act: waitUntilSynced },
];

/** Runs the stages one after the other; the first that throws is the end. */
export async function runStages(run: Run): Promise<void> {
  for (const [index, { text, act }] of STAGES.entries()) {
    run.report.stage(index + 1, STAGES.length, text(run));
    await act(run);
  }
  if (run.dryRun) return;
  run.report.result(
    "Argo CD is in charge: from now on a push changes the cluster.\nNext: bun run bootstrap credentials, bun run bootstrap open",
    { repository: run.repository },
  );
}

/** The command without a name. */
export async function up({ options, root, report, connect }: CommandContext): Promise<void> {
  const { repository, access } = await chooseRepository(options, root);
  const connection = connect();
  const run: Run = {
    connection,
    discovery: createDiscovery(connection),
    report,
    root,
    prepared: options.prepared,
    repository,
    access,
    overlays: options.overlays,
    charts: await chooseCharts(options, connection, () =>
      readInstallationVersion(root, options.prepared),
    ),
    dryRun: options.dryRun,
    force: options.force,
    timeoutMs: options.timeoutMs,
    patienceMs: options.patienceMs,
    intervalMs: 2000,
  };
  try {
    await runStages(run);
  } catch (error) {
    if (options.dryRun && error instanceof BootstrapError && error.code === "UNREACHABLE") {
      await showWithoutCluster(run, error);
    }
    throw error;
  }
}

/** Without a cluster a dry run can still say what there is to apply. */
async function showWithoutCluster(run: Run, { message }: BootstrapError): Promise<void> {
  run.report.progress(message);
  run.report.progress("what would be applied to it, unchecked:");
  const resources = await readInstallation({ ...run, knownHosts: run.access.knownHosts });
  for (const resource of resources) run.report.progress(nameResource(resource));
}
