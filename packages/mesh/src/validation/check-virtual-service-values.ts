import { isIP } from "node:net";
import { overlaps } from "../host.ts";
import type { Resource } from "../resource.ts";
import type { VirtualServiceSpec } from "../schema/virtual-service.ts";
import { checkRouteValues } from "./check-route-values.ts";
import {
  checkExportTo,
  findWrongGateway,
  isWildcardDomain,
  type Refuse,
  refuseIn,
} from "./names.ts";
import { isTranslated } from "./translated.ts";

/** Refuses what Istio's webhook refuses (ValidateVirtualService in pkg/config/validation). */
export function checkVirtualServiceValues(resource: Resource<VirtualServiceSpec>): void {
  if (isTranslated(resource)) return;
  const { id, namespace, spec } = resource;
  const refuse = refuseIn(id);
  const { hosts = [], gateways = [], http = [] } = spec;
  if (hosts.length === 0 && gateways.length > 0) {
    refuse("A delegate has the gateways of its root", "spec.gateways");
  }
  const wrong = findWrongGateway(gateways);
  if (wrong >= 0) refuse(`"${gateways[wrong]}" is no gateway`, `spec.gateways[${wrong}]`);
  checkHosts(hosts, gateways.length === 0 || gateways.includes("mesh"), refuse);
  if (http.length === 0) refuse("Expected routes", "spec.http");
  http.forEach((route, i) => {
    checkRouteValues(route, `spec.http[${i}]`, refuse);
  });
  checkExportTo(spec.exportTo, { namespace }, refuse);
}

function checkHosts(hosts: readonly string[], isMesh: boolean, refuse: Refuse): void {
  hosts.forEach((host, i) => {
    const field = `spec.hosts[${i}]`;
    if (!isWildcardDomain(host) && isIP(host) === 0) refuse(`"${host}" is no host`, field);
    if (host === "*" && isMesh) refuse('"*" is for gateways, not for the mesh', field);
    const other = hosts.slice(0, i).find((one) => overlaps(one, host));
    if (other !== undefined) refuse(`"${other}" covers "${host}", or is covered`, field);
  });
}
