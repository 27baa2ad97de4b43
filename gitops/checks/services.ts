import type { Finding } from "./finding.ts";
import { hasPort, listPods, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/** Every Service selects pods, and each of its ports is a port of all of them. */
export function checkServices(tree: Tree): Finding[] {
  const pods = listPods(tree);
  return tree.services.flatMap(({ metadata, spec }) => {
    const resource = `Service/${metadata.name}`;
    const selected = selectPods(pods, spec.selector);
    if (selected.length === 0) {
      return [{ check: "service-selects-pods", resource, message: "selects no pod" }];
    }
    return spec.ports.flatMap((port): Finding[] => {
      const target = port.targetPort ?? port.port;
      const without = selected.filter((pod) => !hasPort(pod, target));
      const unnamed = port.name === undefined ? ["has a port without a name"] : [];
      return [
        ...unnamed.map((message) => ({ check: "port-exists", resource, message })),
        ...without.map((pod) => ({
          check: "port-exists",
          resource,
          message: `port "${target}" is not one of ${pod.owner}`,
        })),
      ];
    });
  });
}
