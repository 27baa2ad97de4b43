import type { Finding } from "./finding.ts";
import type { Container, Deployment, Probe } from "./kinds.ts";
import type { Tree } from "./tree.ts";

/** Probes on ports that exist, resources, and what the restricted pod security standard asks for. */
export function checkContainers(tree: Tree): Finding[] {
  const accounts = tree.serviceAccounts.map(({ metadata }) => metadata.name);
  return tree.deployments.flatMap((deployment) => {
    const { containers, initContainers, serviceAccountName } = deployment.spec.template.spec;
    const account =
      serviceAccountName !== undefined && accounts.includes(serviceAccountName)
        ? []
        : [
            [
              "service-account",
              `its service account "${serviceAccountName}" does not exist`,
            ] as const,
          ];
    return [
      ...account,
      ...listPodFaults(deployment),
      ...containers.flatMap((one) => [...listFaults(one), ...listProbeFaults(one)]),
      ...initContainers.flatMap(listFaults),
    ].map(([check, message]) => ({
      check,
      resource: `Deployment/${deployment.metadata.name}`,
      message,
    }));
  });
}

type Fault = readonly [check: string, message: string];

function listPodFaults({ spec }: Deployment): Fault[] {
  const { runAsNonRoot, seccompProfile } = spec.template.spec.securityContext;
  return [
    ...(runAsNonRoot === true ? [] : [["restricted", "may run as root"] as const]),
    ...(seccompProfile?.type === "RuntimeDefault"
      ? []
      : [["restricted", "has no seccomp profile"] as const]),
  ];
}

function listFaults({ name, resources, securityContext }: Container): Fault[] {
  const { allowPrivilegeEscalation, capabilities, readOnlyRootFilesystem } = securityContext;
  const wished: readonly (readonly [boolean, string, string])[] = [
    [allowPrivilegeEscalation === false, "restricted", "may gain privileges"],
    [capabilities?.drop.includes("ALL") === true, "restricted", "keeps capabilities"],
    [readOnlyRootFilesystem === true, "restricted", "may write to its own root"],
    [resources.requests?.["cpu"] !== undefined, "resources", "requests no CPU"],
    [resources.requests?.["memory"] !== undefined, "resources", "requests no memory"],
    [resources.limits?.["memory"] !== undefined, "resources", "has no memory limit"],
  ];
  return wished
    .filter(([kept]) => !kept)
    .map(([, check, message]) => [check, `container "${name}" ${message}`]);
}

function listProbeFaults(container: Container): Fault[] {
  const { startupProbe, livenessProbe, readinessProbe, name } = container;
  const probes = { startupProbe, livenessProbe, readinessProbe };
  const faults = Object.entries(probes).flatMap(([kind, probe]): Fault[] => {
    if (probe === undefined) return [["probes", `container "${name}" has no ${kind}`]];
    const port = portOf(probe);
    const known = port === undefined || container.ports.some((one) => one.name === port);
    return known
      ? []
      : [["probes", `${kind} of "${name}" asks port "${port}", which it does not have`]];
  });
  const slow = startupProbe !== undefined && startupProbe.periodSeconds !== 1;
  return slow
    ? [...faults, ["probes", `startupProbe of "${name}" does not ask every second`]]
    : faults;
}

function portOf({ httpGet, tcpSocket }: Probe): string | number | undefined {
  return httpGet?.port ?? tcpSocket?.port;
}
