import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/**
 * Nothing waits for an address that nobody gives: Argo CD holds an Ingress, and a Service of type
 * LoadBalancer, to be Progressing until its status has one (argo-cd#14607, #17702). The way in is the
 * gateway of the overlay; there is no Ingress controller (the original had an Ingress all the same).
 */
export function checkAddresses(tree: Tree): Finding[] {
  return tree.rendered.flatMap(({ spec }, index) => {
    const { kind = "", metadata } = tree.resources[index] ?? {};
    const type: unknown = Reflect.get(Object(spec), "type");
    const wants = kind === "Ingress" || (kind === "Service" && type === "LoadBalancer");
    return wants
      ? [
          {
            check: "address-given",
            resource: `${kind}/${metadata?.name}`,
            message: "waits for an address, and only the gateway's Service gets one",
          },
        ]
      : [];
  });
}
