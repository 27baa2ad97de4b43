import { checkCharts } from "../choose-charts.ts";
import { buildRepositorySecret, checkRepository } from "../repository.ts";
import type { Run } from "../run.ts";
import { applyResources } from "./apply-resources.ts";

/** Argo CD knows the repository and may read it, the revision is there, and so are the charts. */
export async function giveRepository(run: Run): Promise<void> {
  const { repository, access, charts, report } = run;
  await checkRepository(repository, access);
  report.progress(`${repository.url} answers and has ${repository.revision}`);
  if (charts !== undefined) {
    await checkCharts(charts);
    report.progress(`${charts.url} has every chart`);
  }
  await applyResources(run, [buildRepositorySecret(repository, access)], { each: true });
}
