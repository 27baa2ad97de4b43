import { formatAmount } from "@hookline/command-line";
import type { Outcome } from "../kube/apply.ts";
import { applyAll } from "../kube/apply-all.ts";
import { nameResource, type Resource } from "../kube/resource.ts";
import type { Run } from "../run.ts";

const TOLD: Readonly<Record<Outcome, string>> = {
  created: "created",
  changed: "changed",
  unchanged: "unchanged",
  kept: "kept as Argo CD has it",
  unchecked: "to create, unchecked until its kind is there",
};

/** Applies resources and tells how many of each outcome; in a dry run, or when asked, each by name. */
export async function applyResources(
  run: Run,
  resources: readonly Resource[],
  { each = false }: { readonly each?: boolean } = {},
): Promise<void> {
  const counts = new Map<Outcome, number>();
  await applyAll(run.connection, resources, {
    discovery: run.discovery,
    dryRun: run.dryRun,
    force: run.force,
    timeoutMs: run.timeoutMs,
    onApplied: (resource, outcome) => {
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (each || (run.dryRun && outcome !== "unchanged")) {
        const verb = run.dryRun
          ? `would be ${TOLD[outcome]}`.replace("would be to", "to")
          : TOLD[outcome];
        run.report.progress(`${nameResource(resource)}: ${verb}`);
      }
    },
  });
  if (each) return;
  const sums = [...counts].map(([outcome, count]) => `${count} ${TOLD[outcome]}`);
  run.report.progress(`${formatAmount(resources.length, "resource")}: ${sums.join(", ")}`);
}
