import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** Every ConfigMap, and every key of one, that a pod refers to is in the tree. */
export function checkConfigMaps(tree: Tree): Finding[] {
  const keys = new Map(tree.configMaps.map((one) => [one.metadata.name, Object.keys(one.data)]));
  return tree.deployments.flatMap(({ metadata, spec }) =>
    listReferences(spec.template.spec).flatMap(({ name, key }): Finding[] => {
      const known = keys.get(name);
      const what =
        known === undefined ? `ConfigMap "${name}"` : `key "${key}" of ConfigMap "${name}"`;
      const found = known !== undefined && (key === undefined || known.includes(key));
      return found
        ? []
        : [
            {
              check: "config-map-exists",
              resource: `Deployment/${metadata.name}`,
              message: `refers to ${what}, which does not exist`,
            },
          ];
    }),
  );
}

interface Reference {
  readonly name: string;
  readonly key?: string;
}

function listReferences(pod: Tree["deployments"][number]["spec"]["template"]["spec"]): Reference[] {
  const containers = [...pod.initContainers, ...pod.containers];
  return [
    ...containers.flatMap((one) => one.envFrom.flatMap(({ configMapRef }) => configMapRef ?? [])),
    ...containers.flatMap((one) =>
      one.env.flatMap(({ valueFrom }) => valueFrom?.configMapKeyRef ?? []),
    ),
    ...pod.volumes.flatMap(({ configMap }) =>
      configMap === undefined
        ? []
        : [
            { name: configMap.name },
            ...configMap.items.map(({ key }) => ({ name: configMap.name, key })),
          ],
    ),
  ];
}
