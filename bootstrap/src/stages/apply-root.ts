import { parseResource } from "../kube/resource.ts";
import { declareRoot } from "../root.ts";
import type { Run } from "../run.ts";
import { applyResources } from "./apply-resources.ts";

/** The cluster is told what it is to be: the root application and its project, nothing else. */
export async function applyRoot(run: Run): Promise<void> {
  const resources = declareRoot(run.repository, run.overlays).map((one) => parseResource(one));
  await applyResources(run, resources, { each: true });
}
