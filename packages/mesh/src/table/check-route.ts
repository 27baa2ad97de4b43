import { MeshError, type MeshErrorCode } from "../errors.ts";
import type { RouteSpec } from "../schema/virtual-service.ts";
import type { Place } from "./header-ops.ts";

/** Refuses what Istio's webhook refuses (pkg/config/validation/virtualservice.go), and JWT claims. */
export function checkRoute(route: RouteSpec, { resource, field }: Place): void {
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
