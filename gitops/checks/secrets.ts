import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

const SECRET_NAME = /passw|secret|token|api_?key|credential/i;

/** Git holds no secret: no Secret, and no password in a variable or a ConfigMap. */
export function checkSecrets(tree: Tree): Finding[] {
  const secrets = tree.resources
    .filter(({ kind }) => kind === "Secret")
    .map(({ metadata }) => ({
      check: "no-plain-secret",
      resource: `Secret/${metadata.name}`,
      message: "is in Git in plain text, wished: a SealedSecret",
    }));
  const variables = tree.deployments.flatMap(({ metadata, spec }) =>
    spec.template.spec.containers
      .flatMap(({ env }) => env.filter((one) => one.value !== undefined))
      .map(({ name }) => ({ resource: `Deployment/${metadata.name}`, name })),
  );
  const keys = tree.configMaps.flatMap(({ metadata, data }) =>
    Object.entries(data)
      .filter(([, value]) => value !== "")
      .map(([name]) => ({ resource: `ConfigMap/${metadata.name}`, name })),
  );
  return [
    ...secrets,
    ...[...variables, ...keys]
      .filter(({ name }) => SECRET_NAME.test(name))
      .map(({ resource, name }) => ({
        check: "no-plain-secret",
        resource,
        message: `"${name}" has its value in Git`,
      })),
  ];
}
