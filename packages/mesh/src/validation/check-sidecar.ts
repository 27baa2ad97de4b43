import type { Resource } from "../resource.ts";
import type { SidecarSpec } from "../schema/sidecar.ts";
import { checkSelector, isDnsLabel, isProtocol, isScopedHost, refuseIn } from "./names.ts";

/** Refuses what Istio's webhook refuses (ValidateSidecar in pkg/config/validation). */
export function checkSidecar({ id, spec }: Resource<SidecarSpec>): void {
  const refuse = refuseIn(id);
  checkSelector(spec.workloadSelector?.labels, "spec.workloadSelector.labels", refuse);
  const egress = spec.egress ?? [];
  if (egress.length === 0 && spec.outboundTrafficPolicy === undefined) {
    refuse("Expected egress or an outboundTrafficPolicy", "spec");
  }
  const ports = egress.map(({ port }) => port?.number);
  egress.forEach(({ port, hosts }, i) => {
    const field = `spec.egress[${i}]`;
    if (port === undefined && i < egress.length - 1) {
      refuse("The listener of all ports is the last", field);
    }
    if (port?.name && !isDnsLabel(port.name)) refuse("Expected a name", `${field}.port.name`);
    if (port !== undefined && !isProtocol(port.protocol)) {
      refuse(`"${port.protocol}" is no protocol`, `${field}.port.protocol`);
    }
    if (port !== undefined && ports.indexOf(port.number) < i) {
      refuse("The port is there twice", `${field}.port.number`);
    }
    hosts.forEach((host, j) => {
      if (!isScopedHost(host, { isGateway: false })) {
        refuse(`"${host}" is no host`, `${field}.hosts[${j}]`);
      }
    });
  });
}
