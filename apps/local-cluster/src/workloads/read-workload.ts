// A Deployment with all that it refers to filled in, so that nothing of the rendered text is needed later.
import { UpError } from "../errors.ts";
import type { Deployment } from "./manifests.ts";
import { readEnvironment } from "./read-environment.ts";
import { readVolumes } from "./read-volumes.ts";
import { type ClusterResources, nameOf } from "./resources.ts";
import type { Strategy, Workload } from "./workload.ts";

export interface ReadWorkloadOptions {
  readonly resources: ClusterResources;
  /** The folder that holds a model image's files, by the image's reference. */
  readonly modelFolder: (reference: string) => string;
  /** In place of those that the overlay says. */
  readonly replicas?: number | undefined;
}

/**
 * Reads one Deployment; throws an UpError that names it and what of it cannot be run here: a
 * reference to what the overlay does not have, a second container, a kind of volume.
 */
export function readWorkload(deployment: Deployment, options: ReadWorkloadOptions): Workload {
  const { metadata, spec } = deployment;
  const { namespace, name } = metadata;
  const { labels, annotations } = spec.template.metadata;
  const pod = spec.template.spec;
  const [container, ...more] = pod.containers;
  const refuse = (why: string, code: "BAD_MANIFEST" | "UNKNOWN_IMAGE" | "UNSUPPORTED"): never => {
    throw new UpError(`Cannot run Deployment "${name}": ${why}`, { code });
  };
  if (container === undefined || more.length > 0) {
    return refuse("it has several containers, and a pod is one process here", "UNSUPPORTED");
  }
  const { resources } = options;
  const replicas = options.replicas ?? resources.autoscaled.get(nameOf(metadata)) ?? spec.replicas;
  return {
    namespace,
    name,
    replicas,
    strategy: readStrategy(spec.strategy, replicas),
    template: {
      labels,
      annotations,
      serviceAccount: pod.serviceAccountName,
      image: container.image,
      command: container.command ?? [],
      args: container.args ?? [],
      environment: readEnvironment(container, { namespace, resources, refuse }),
      ports: container.ports.map((port) => ({ name: port.name, number: port.containerPort })),
      mounts: container.volumeMounts,
      volumes: readVolumes(pod, { ...options, namespace, refuse }),
      probes: {
        startup: container.startupProbe,
        readiness: container.readinessProbe,
        liveness: container.livenessProbe,
      },
      preStopMs: (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000,
      graceMs: pod.terminationGracePeriodSeconds * 1000,
    },
  };
}

/** Percentages are of the replicas: a surge is rounded up, what may be missing down. */
function readStrategy(
  { type, rollingUpdate }: Deployment["spec"]["strategy"],
  replicas: number,
): Strategy {
  if (type === "Recreate") return { kind: "recreate" };
  const share = (value: number | string, round: (share: number) => number) =>
    typeof value === "number" ? value : round((Number.parseFloat(value) / 100) * replicas);
  const maxSurge = share(rollingUpdate?.maxSurge ?? "25%", Math.ceil);
  const maxUnavailable = share(rollingUpdate?.maxUnavailable ?? "25%", Math.floor);
  // Neither may be zero, or nothing could ever move.
  return {
    kind: "rolling",
    maxSurge: maxUnavailable === 0 ? Math.max(1, maxSurge) : maxSurge,
    maxUnavailable,
  };
}
