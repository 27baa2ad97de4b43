import { MeshError, type MeshErrorCode } from "../errors.ts";
import type { Resource } from "../resource.ts";
import type { RouteSpec, VirtualServiceSpec } from "../schema/virtual-service.ts";
import { checkVirtualServiceValues } from "../validation/check-virtual-service-values.ts";
import type { Place } from "./header-ops.ts";

/** What Envoy retries on, less statuses (supportedRetryOnPolicies in validation.go). */
const RETRY_ON = new Set(
  (
    "5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes " +
    "retriable-headers envoy-ratelimited http3-post-connect-failure cancelled deadline-exceeded internal " +
    "resource-exhausted unavailable"
  ).split(" "),
);

/** The statuses that Go has a text for (net/http). */
const STATUSES: ReadonlySet<number> = new Set(
  [
    [100, 103],
    [200, 208],
    [226, 226],
    [300, 305],
    [307, 308],
    [400, 418],
    [421, 426],
    [428, 429],
    [431, 431],
    [451, 451],
    [500, 508],
    [510, 511],
  ].flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
);

/** Refuses what Istio's webhook refuses (pkg/config/validation/virtualservice.go), and JWT claims. */
export function checkVirtualService(resource: Resource<VirtualServiceSpec>): void {
  const { id, spec } = resource;
  (spec.http ?? []).forEach((route, index) => {
    checkRoute(route, { resource: id, field: `spec.http[${index}]` });
  });
  checkVirtualServiceValues(resource);
}

function checkRoute(route: RouteSpec, { resource, field }: Place): void {
  const refuse = (message: string, at: string, code: MeshErrorCode = "INVALID") => {
    throw new MeshError(message, { code, resource, field: `${field}${at}` });
  };
  const { redirect, directResponse, delegate, rewrite, mirror, mirrors, fault } = route;
  const destinations = route.route ?? [];
  const own = redirect !== undefined || directResponse !== undefined;
  if (redirect !== undefined && directResponse !== undefined) {
    refuse("Expected a redirect or a directResponse", ".directResponse");
  }
  if (own && destinations.length > 0)
    refuse("A route answers itself or forwards, not both", ".route");
  if (own && rewrite !== undefined) refuse("What answers itself rewrites nothing", ".rewrite");
  if (own && fault !== undefined) refuse("What answers itself has no fault", ".fault");
  if (delegate !== undefined && (redirect !== undefined || destinations.length > 0)) {
    refuse("A route delegates or acts, not both", ".delegate");
  }
  if (delegate === undefined && !own && destinations.length === 0) {
    refuse("Expected a route, a redirect or a directResponse", "");
  }
  if (mirror !== undefined && mirrors !== undefined)
    refuse("Expected mirror or mirrors", ".mirrors");
  if (rewrite?.uri !== undefined && rewrite.uriRegexRewrite !== undefined) {
    refuse("Expected uri or uriRegexRewrite", ".rewrite");
  }
  if (destinations.length > 1 && destinations.every(({ weight }) => (weight ?? 0) === 0)) {
    refuse("Expected weights with a sum over 0", ".route");
  }
  checkRetries(route.retries, refuse);
  (route.match ?? []).forEach(({ headers, withoutHeaders }, index) => {
    const names = [...Object.keys(headers ?? {}), ...Object.keys(withoutHeaders ?? {})];
    const claim = names.find((name) => name.startsWith("@"));
    if (claim === undefined) return;
    refuse(
      "Claims of a token are not modelled",
      `.match[${index}].headers.${claim}`,
      "UNSUPPORTED",
    );
  });
}

/** Istio: validateHTTPRetry. */
function checkRetries(
  retries: RouteSpec["retries"],
  refuse: (message: string, at: string) => void,
): void {
  if (retries === undefined) return;
  const { attempts, perTryTimeout, retryOn = "" } = retries;
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== "")) {
    refuse("Expected attempts where there is a policy of retries", ".retries.attempts");
  }
  if (perTryTimeout !== undefined && perTryTimeout < 1) {
    refuse("Expected 1 ms at least", ".retries.perTryTimeout");
  }
  const names = retryOn === "" ? [] : retryOn.split(",");
  const unknown = names.find(
    (one) => !RETRY_ON.has(one) && !(/^\d+$/.test(one) && STATUSES.has(Number(one))),
  );
  if (unknown !== undefined) refuse(`Envoy retries on no "${unknown}"`, ".retries.retryOn");
}
