import type { ApplicationState } from "../application-state.ts";
import { BootstrapError } from "../errors.ts";
import { waitFor } from "../kube/wait-for.ts";
import { listApplications } from "../list-applications.ts";
import type { Run } from "../run.ts";

/**
 * Every application is Synced and Healthy. The root's waves make the others: it is healthy only
 * when they are, because Argo CD judges its own Applications (trap 3). Each change is told; what
 * stays ill for longer than the patience is the end.
 */
export async function waitUntilSynced(run: Run): Promise<void> {
  if (run.dryRun) {
    run.report.progress("nothing to wait for: this was a dry run");
    return;
  }
  const watch = createWatch(run);
  const { timeoutMs, intervalMs } = run;
  await waitFor("all is synced and healthy", { timeoutMs, intervalMs }, async () => {
    const applications = await listApplications(run.connection);
    watch(applications);
    const open = applications.filter(({ done }) => !done);
    return applications.length > 1 && open.length === 0
      ? { done: true }
      : {
          done: false,
          state: open.map(renderState).join("; ") || "the root has made no application",
        };
  });
}

function renderState({ name, sync, health, problem }: ApplicationState): string {
  return `${name} is ${sync}, ${health}${problem === undefined ? "" : ` (${problem})`}`;
}

/** Tells what changed since the last look, and throws for what has been ill for too long. */
function createWatch({ report, patienceMs }: Run): (seen: readonly ApplicationState[]) => void {
  const told = new Map<string, string>();
  const illSince = new Map<string, number>();
  return (seen) => {
    for (const one of seen) {
      const text = renderState(one);
      if (told.get(one.name) !== text) report.progress(text);
      told.set(one.name, text);
      if (one.problem === undefined) {
        illSince.delete(one.name);
        continue;
      }
      const since = illSince.get(one.name) ?? performance.now();
      illSince.set(one.name, since);
      if (performance.now() - since > patienceMs) throw explain(one, one.problem);
    }
  };
}

function explain({ name }: ApplicationState, problem: string): BootstrapError {
  return new BootstrapError(`Cannot go on: application "${name}" does not get well: ${problem}`, {
    code: "DEGRADED",
    next: "Mend it in Git and push: Argo CD goes on by itself, and `bun run bootstrap status` shows how far it is",
  });
}
