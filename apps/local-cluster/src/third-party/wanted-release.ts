import type { JsonObject } from "@hookline/mesh";
import type { Plan } from "../plan.ts";
import { wantsAlertmanager } from "./alertmanager.ts";
import type { ProgramName } from "./binaries.ts";
import { wantsPrometheus } from "./prometheus.ts";

/** What an overlay asks for: Deployments, and what the operators of a cluster read. */
export interface WantedRelease {
  readonly plan: Pick<Plan, "namespace" | "services" | "thirdParty">;
  readonly resources: readonly JsonObject[];
}

/** A program of others that a release asks for. */
export interface Wanted {
  readonly name: string;
  readonly image: string;
  /** Undefined for an image that nothing here knows. */
  readonly program: ProgramName | undefined;
}

/** The Deployments of others, and the programs that an operator would run. */
export function listWanted({ plan, resources }: WantedRelease): readonly Wanted[] {
  const operated = (program: ProgramName) => [{ name: program, image: "", program }];
  return [
    ...plan.thirdParty.map(({ program, workload: { name, template } }) => ({
      name,
      image: template.image,
      program,
    })),
    ...(wantsPrometheus(resources) ? operated("prometheus") : []),
    ...(wantsAlertmanager(resources) ? operated("alertmanager") : []),
  ];
}
