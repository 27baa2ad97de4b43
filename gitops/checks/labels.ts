import type { Finding, Labels } from "./finding.ts";
import type { Tree } from "./tree.ts";

const PREFIX = "app.kubernetes.io";
const EVERYWHERE = [`${PREFIX}/name`, `${PREFIX}/part-of`];
const WORKLOADS = [...EVERYWHERE, `${PREFIX}/component`, `${PREFIX}/version`];

/** The labels of house-style §9 are on every resource, and on pods as well. */
export function checkLabels(tree: Tree): Finding[] {
  const resources = tree.resources.map(({ kind, metadata }) => ({
    resource: `${kind}/${metadata.name}`,
    missing: listMissing(metadata.labels, kind === "Deployment" ? WORKLOADS : EVERYWHERE),
  }));
  const pods = tree.deployments.map(({ metadata, spec }) => ({
    resource: `Deployment/${metadata.name}`,
    missing: listMissing(spec.template.metadata.labels, WORKLOADS).map(
      (label) => `${label} (pods)`,
    ),
  }));
  return [...resources, ...pods].flatMap(({ resource, missing }) =>
    missing.map((label) => ({
      check: "labels-complete",
      resource,
      message: `has no label ${label}`,
    })),
  );
}

function listMissing(labels: Labels, wished: readonly string[]): string[] {
  return wished.filter((label) => labels[label] === undefined);
}
