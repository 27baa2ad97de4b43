import type { CorsPolicy, MeshRequest } from "@hookline/mesh";
import type { HeaderList } from "./http/header-list.ts";
import type { LocalReply } from "./local-reply.ts";

/** A browser's question whether it may ask: Envoy's CORS filter answers it itself. */
export function isPreflight(request: MeshRequest): boolean {
  return (
    request.method === "OPTIONS" && request.header("access-control-request-method") !== undefined
  );
}

/** The gateway's own answer to a preflight request that is allowed, as Envoy's CORS filter gives it. */
export function preflightReply(policy: CorsPolicy): LocalReply {
  const headers: [string, string][] = [];
  if (policy.allowMethods.length > 0)
    headers.push(["access-control-allow-methods", policy.allowMethods.join(",")]);
  if (policy.allowHeaders.length > 0)
    headers.push(["access-control-allow-headers", policy.allowHeaders.join(",")]);
  if (policy.maxAgeSeconds !== undefined)
    headers.push(["access-control-max-age", String(policy.maxAgeSeconds)]);
  return { status: 200, body: "", headers, flag: "-", details: "cors_response" };
}

/** What a browser needs to hand the answer to the page that asked. */
export function addCorsHeaders(headers: HeaderList, policy: CorsPolicy): void {
  headers.set("access-control-allow-origin", policy.origin);
  if (policy.allowCredentials === true) headers.set("access-control-allow-credentials", "true");
  if (policy.exposeHeaders.length > 0)
    headers.set("access-control-expose-headers", policy.exposeHeaders.join(","));
}
