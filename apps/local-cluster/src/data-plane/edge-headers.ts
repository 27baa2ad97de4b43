import type { HeaderList } from "./http/header-list.ts";

/**
 * What a client outside may not say: Envoy's conn_manager_utility.cc, mutateRequestHeaders() of an edge request,
 * and its cleanup of forwarded client certificates.
 */
const REFUSED_AT_THE_EDGE = [
  "x-envoy-decorator-operation",
  "x-envoy-downstream-service-cluster",
  "x-envoy-downstream-service-node",
  "x-envoy-retry-on",
  "x-envoy-retry-grpc-on",
  "x-envoy-max-retries",
  "x-envoy-upstream-alt-stat-name",
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-force-trace",
  "x-envoy-ip-tags",
  "x-envoy-internal",
  "x-envoy-original-path",
  "x-envoy-attempt-count",
  "x-envoy-peer-metadata",
  "x-envoy-peer-metadata-id",
  "x-forwarded-client-cert",
];

/**
 * Makes the headers what a gateway hands on: use_remote_address with no trusted proxy before it, so that the client is
 * who is connected, whatever he says, and each request gets an id of its own, whatever he sends.
 */
export function applyEdgeHeaders(headers: HeaderList, clientAddress: string): void {
  for (const name of REFUSED_AT_THE_EDGE) headers.remove(name);
  const forwarded = headers.get("x-forwarded-for");
  headers.set(
    "x-forwarded-for",
    forwarded === undefined ? clientAddress : `${forwarded},${clientAddress}`,
  );
  headers.set("x-forwarded-proto", "http");
  headers.set("x-envoy-external-address", clientAddress);
  headers.set("x-request-id", crypto.randomUUID());
}

/** What the caller's own sidecar adds: only what is missing. */
export function applySidecarHeaders(headers: HeaderList): void {
  if (!headers.has("x-forwarded-proto")) headers.set("x-forwarded-proto", "http");
  if (!headers.has("x-request-id")) headers.set("x-request-id", crypto.randomUUID());
}
