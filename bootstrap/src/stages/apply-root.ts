import { parseResource } from "../kube/resource.ts";
import { declareRoot } from "../root.ts";
import type { Run } from "../run.ts";
import { applyResources } from "./apply-resources.ts";

/** The cluster is told what it is to be: the root application and its project, nothing else. */
export async function applyRoot(run: Run): Promise<void> {
  // The project first: an application without its project is an error until it comes.
  for (const one of declareRoot(run.repository, run)) {
    await applyResources(run, [parseResource(one)], { each: true });
  }
}
