import { type Resource, Resource as ResourceSchema } from "./checks/kinds.ts";

/**
 * Which package has the schemas of an API group, and the version that they are of. They are the
 * nearest that are published: Kubernetes 1.36 is k3s' own; Istio's are of 1.29.2 where we run
 * 1.30.3; the Prometheus operator's and Argo CD's are made from the Go types of 0.9x and 3. The
 * CRDs of what we run are asked by kubeconform.test.ts, where they are at hand.
 */
const PACKAGES: readonly (readonly [group: RegExp, name: string])[] = [
  [/^argoproj\.io$/, "@kubernetes-models/argo-cd"],
  [/\.istio\.io$/, "@kubernetes-models/istio"],
  [/^monitoring\.coreos\.com$/, "@kubernetes-models/prometheus-operator"],
  [
    /^(apps|autoscaling|policy|networking\.k8s\.io|rbac\.authorization\.k8s\.io|)$/,
    "kubernetes-models",
  ],
];

/** The module that has the model of a resource's kind; throws where no package is named for it. */
export function findModel({ apiVersion, kind }: Resource): string {
  const group = apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : "";
  const found = PACKAGES.find(([pattern]) => pattern.test(group));
  if (found === undefined) throw new Error(`Cannot check ${kind}: no schema for "${apiVersion}"`);
  return `${found[1]}/${apiVersion}/${kind}`;
}

/**
 * A TypeScript module that holds each resource to the type of its kind: the compiler then names
 * every field that the kind does not have, which a validator of JSON lets pass.
 */
export function renderTypeCheck(resources: readonly unknown[]): string {
  const parsed = resources.map((value) => ({ ...ResourceSchema.parse(value), value }));
  const imports = new Map(parsed.map((one) => [findModel(one), one.kind]));
  const aliases = new Map([...imports.keys()].map((path, index) => [path, `Model${index}`]));
  return [
    ...[...imports].map(
      ([path, kind]) => `import type { I${kind} as ${aliases.get(path)} } from "${path}";`,
    ),
    ...parsed.map((one, index) => {
      const alias = aliases.get(findModel(one));
      return `// ${one.kind}/${one.metadata.name}\nexport const resource${index} = ${JSON.stringify(one.value)} satisfies ${alias};`;
    }),
  ].join("\n");
}
