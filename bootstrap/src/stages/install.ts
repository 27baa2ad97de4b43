import { formatAmount } from "@hookline/command-line";
import { readInstallation } from "../installation.ts";
import { nameResource, type Resource } from "../kube/resource.ts";
import { waitFor } from "../kube/wait-for.ts";
import type { Run } from "../run.ts";
import { applyResources } from "./apply-resources.ts";
import { describeRollout } from "./rollout.ts";

/** Argo CD is there as its pinned release and our patches say, and its programs are ready. */
export async function install(run: Run): Promise<void> {
  const { root, prepared, access, charts, report, dryRun } = run;
  const resources = await readInstallation({
    root,
    prepared,
    knownHosts: access.knownHosts,
    charts,
    onProgress: (text) => report.progress(text),
  });
  await applyResources(run, resources);
  if (dryRun) return;
  const programs = resources.filter(({ kind }) => ["Deployment", "StatefulSet"].includes(kind));
  const are = programs.length === 1 ? "is" : "are";
  report.progress(`waiting until its ${formatAmount(programs.length, "program")} ${are} ready`);
  for (const program of programs) await waitUntilReady(run, program);
}

async function waitUntilReady(run: Run, program: Resource): Promise<void> {
  const { connection, discovery, timeoutMs, intervalMs } = run;
  const path = (await discovery.locate(program)) ?? "";
  const name = nameResource(program);
  const next = `See why: kubectl -n ${program.metadata.namespace} describe pods`;
  await waitFor(`${name} is ready`, { timeoutMs, intervalMs, next }, async () =>
    describeRollout(await connection.request({ method: "GET", path })),
  );
}
