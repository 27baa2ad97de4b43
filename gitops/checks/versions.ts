import type { Finding } from "./finding.ts";
import type { HttpRoute } from "./mesh-kinds.ts";
import type { Tree } from "./tree.ts";

/** By these a program learns which version it is, and says so in its metrics and answers. */
const NAMES = ["VARIANT", "VERSION_LABEL"];
const LABEL = "app.kubernetes.io/version";

/** A program says the version that routes know it by, and a shadow is another one than answers. */
export function checkVersions(tree: Tree): Finding[] {
  const mistaken = tree.deployments.flatMap(({ metadata, spec }) => {
    const label = spec.template.metadata.labels[LABEL];
    return spec.template.spec.containers
      .flatMap(({ env }) => env.filter(({ name }) => NAMES.includes(name)))
      .filter(({ value }) => value !== label)
      .map(({ name, value }) => ({
        check: "version-told",
        resource: `Deployment/${metadata.name}`,
        message: `${name} is "${value}", and its pods are "${label}"`,
      }));
  });
  const shadows = tree.virtualServices.flatMap(({ metadata, spec }) =>
    spec.http.flatMap(listShadowFaults).map((message) => ({
      check: "shadow-sees-all",
      resource: `VirtualService/${metadata.name}`,
      message,
    })),
  );
  return [...mistaken, ...shadows];
}

function listShadowFaults({ name, route, mirrors }: HttpRoute): string[] {
  const live = route.map(({ destination }) => `${destination.host} ${destination.subset}`);
  return mirrors.flatMap(({ destination: { host, subset }, percentage }) => [
    ...(live.includes(`${host} ${subset}`)
      ? [`"${name}" mirrors to who answers, "${subset}"`]
      : []),
    ...(percentage.value === 100 ? [] : [`"${name}" mirrors ${percentage.value} %, wished: 100`]),
  ]);
}
