import { buildRepositorySecret, checkRepository } from "../repository.ts";
import type { Run } from "../run.ts";
import { applyResources } from "./apply-resources.ts";

/** Argo CD knows the repository and may read it, and the revision is there. */
export async function giveRepository(run: Run): Promise<void> {
  const { repository, access, report } = run;
  await checkRepository(repository, access);
  report.progress(`${repository.url} answers and has ${repository.revision}`);
  await applyResources(run, [buildRepositorySecret(repository, access)], { each: true });
}
