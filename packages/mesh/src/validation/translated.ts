import type { Resource } from "../resource.ts";

/** istiod's mark of what it made of the Gateway API, for which its webhook is not asked. */
export const TRANSLATED = { "internal.istio.io/route-semantics": "gateway" } as const;

/** Whether a resource was made of a Gateway or an HTTPRoute of the Gateway API. */
export function isTranslated({ annotations }: Resource<unknown>): boolean {
  return Object.keys(TRANSLATED).every((name) => annotations[name] !== undefined);
}
