import type { Resource } from "../resource.ts";
import type { VirtualServiceSpec } from "../schema/virtual-service.ts";
import type { PlacedRoute } from "./routes.ts";

/** A VirtualService that has hosts, its delegates' routes put in. */
export interface BoundVirtualService {
  readonly resource: Resource<VirtualServiceSpec>;
  readonly placed: readonly PlacedRoute[];
}

export function bindVirtualServices(
  resources: readonly Resource<VirtualServiceSpec>[],
): BoundVirtualService[] {
  return resources.map((resource) => ({
    resource,
    placed: (resource.spec.http ?? []).map((spec, index) => ({
      spec,
      from: resource,
      index,
      field: `spec.http[${index}]`,
    })),
  }));
}
