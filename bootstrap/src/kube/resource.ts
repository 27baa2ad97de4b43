import { z } from "zod";
import { BootstrapError } from "../errors.ts";

/** A Kubernetes resource as it is sent and answered; only what we look at has a type. */
const Resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});
export type Resource = z.infer<typeof Resource>;

const ResourceList = z.looseObject({
  items: z.array(z.looseObject({ metadata: Resource.shape.metadata })),
});

/** A resource of unknown data. Refuses what has no apiVersion, kind or name. */
export function parseResource(value: unknown): Resource {
  return Resource.parse(value);
}

/** The items of a list, as the API server answers it; they have no apiVersion nor kind of their own. */
export function parseItems(value: unknown): Readonly<z.infer<typeof ResourceList>["items"]> {
  const list = ResourceList.safeParse(value);
  if (list.success) return list.data.items;
  throw new BootstrapError("Cannot read the cluster's answer: it is no list of resources", {
    code: "UNREACHABLE",
    next: "Look at `server` in the kubeconfig: is that an API server?",
    cause: list.error,
  });
}

/** `Deployment argocd/argocd-server`, as people name it. */
export function nameResource({ kind, metadata }: Resource): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}
