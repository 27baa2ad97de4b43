import type { CorsPolicy } from "@hookline/mesh";
import type { HeaderList } from "./http/header-list.ts";

/** What a browser needs to hand the answer to the page that asked. */
export function addCorsHeaders(headers: HeaderList, policy: CorsPolicy): void {
  headers.set("access-control-allow-origin", policy.origin);
  if (policy.allowCredentials === true) headers.set("access-control-allow-credentials", "true");
  if (policy.exposeHeaders.length > 0)
    headers.set("access-control-expose-headers", policy.exposeHeaders.join(","));
}
