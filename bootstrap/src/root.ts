import {
  ARGO_CD_NAMESPACE,
  buildApplication,
  type KustomizePatch,
} from "@hookline/argo-cd-manifests";
import { declareApplications, type Manifest, type Repository } from "./applications.ts";
import { declareRootProject } from "./projects.ts";

/** The repository that the files in gitops/applications name. */
export const PUBLISHED: Repository = {
  url: "https://github.com/hookline/hookline.git",
  revision: "main",
};

/**
 * What bootstrap applies after Argo CD, and nothing else: the root and its project. Where the
 * cluster pulls another repository than the published one (a fork, the Git remote of a Vagrant
 * cluster), the root patches it into its children.
 */
export function declareRoot(repository: Repository = PUBLISHED): Manifest[] {
  const patches = listRepositoryPatches(repository);
  return [
    declareRootProject(repository.url),
    buildApplication("root", {
      project: "root",
      namespace: ARGO_CD_NAMESPACE,
      sources: [
        {
          repoURL: repository.url,
          targetRevision: repository.revision,
          path: "gitops/applications",
          ...(patches.length === 0 ? {} : { kustomize: { patches } }),
        },
      ],
    }),
  ];
}

interface Replacement {
  readonly op: "replace";
  readonly path: string;
  readonly value: string;
}

/** JSON6902 patches that make the published applications those of another repository. */
function listRepositoryPatches(repository: Repository): KustomizePatch[] {
  const wished = declareApplications(repository);
  return declareApplications(PUBLISHED).flatMap((published, index) => {
    const replacements = listReplacements(published, wished[index], "");
    return replacements.length === 0
      ? []
      : [
          {
            target: { group: "argoproj.io", kind: published.kind, name: published.metadata.name },
            patch: JSON.stringify(replacements),
          },
        ];
  });
}

/** Every text that differs, by its JSON pointer. The two have the same shape: one function made both. */
function listReplacements(from: unknown, to: unknown, pointer: string): Replacement[] {
  if (typeof from === "string" && typeof to === "string") {
    return from === to ? [] : [{ op: "replace", path: pointer, value: to }];
  }
  if (typeof from !== "object" || from === null || typeof to !== "object" || to === null) return [];
  const values = new Map(Object.entries(to));
  return Object.entries(from).flatMap(([key, value]) =>
    listReplacements(
      value,
      values.get(key),
      `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    ),
  );
}
