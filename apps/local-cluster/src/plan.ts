// What a rendered overlay asks for, sorted into what runs here as a process, what is stood in for, and routes.
import { UpError } from "./errors.ts";
import { refuseHttp2 } from "./overlay/refuse-unspoken.ts";
import { classifyImage, type ThirdPartyName } from "./workloads/images.ts";
import type { Deployment } from "./workloads/manifests.ts";
import { readWorkload } from "./workloads/read-workload.ts";
import { type ClusterResources, parseResources } from "./workloads/resources.ts";
import type { Workload } from "./workloads/workload.ts";

export interface ThirdParty {
  readonly program: ThirdPartyName | undefined;
  readonly workload: Workload;
}

export interface Plan {
  readonly namespace: string;
  readonly workloads: readonly Workload[];
  readonly thirdParty: readonly ThirdParty[];
  readonly services: ClusterResources["services"];
}

export interface PlanOptions {
  readonly modelFolder: (reference: string) => string;
  /** Overrides the replicas of each of our Deployments. */
  readonly replicas: number | undefined;
}

/** Makes the plan; throws an UpError that names what cannot be run. */
export function buildPlan(rendered: readonly unknown[], options: PlanOptions): Plan {
  const resources = parseResources(rendered);
  const sorted = resources.deployments.map((deployment) => ({
    deployment,
    content: classifyImage(imageOf(deployment)),
  }));
  const { modelFolder } = options;
  const read = (deployment: Deployment, replicas?: number) =>
    readWorkload(deployment, { modelFolder, resources, replicas });
  const workloads = sorted
    .filter(({ content }) => content.kind === "program")
    .map(({ deployment }) => read(deployment, options.replicas));
  const [first] = workloads;
  if (first === undefined) {
    const message = "Cannot run this overlay: none of its Deployments has an image of ours";
    throw new UpError(message, { code: "UNKNOWN_IMAGE" });
  }
  refuseHttp2(rendered, namesOf(resources.services, workloads));
  return {
    namespace: first.namespace,
    workloads,
    thirdParty: sorted.flatMap(({ deployment, content }) => {
      if (content.kind === "program") return [];
      const program = content.kind === "third-party" ? content.name : undefined;
      return [{ program, workload: read(deployment) }];
    }),
    services: resources.services,
  };
}

/** The Services before pods of ours. */
function namesOf(
  services: ClusterResources["services"],
  workloads: readonly Workload[],
): ReadonlySet<string> {
  const before = services.filter(({ namespace, selector }) =>
    workloads.some(
      (one) =>
        one.namespace === namespace &&
        Object.entries(selector).every(([key, value]) => one.template.labels[key] === value),
    ),
  );
  return new Set(before.map(({ namespace, name }) => `${namespace}/${name}`));
}

function imageOf({ spec }: Deployment): string {
  return spec.template.spec.containers[0]?.image ?? "";
}
