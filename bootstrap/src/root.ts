import { isDeepStrictEqual } from "node:util";
import {
  ARGO_CD_NAMESPACE,
  buildApplication,
  type KustomizePatch,
} from "@hookline/argo-cd-manifests";
import {
  type Deviations,
  declareApplications,
  type Manifest,
  type Repository,
} from "./applications.ts";
import { declareRootProject } from "./projects.ts";

/** The repository that the files in gitops/applications name. */
export const PUBLISHED: Repository = {
  url: "https://github.com/hookline/hookline.git",
  revision: "main",
};

/**
 * What bootstrap applies after Argo CD, and nothing else: the root and its project. Where the
 * cluster pulls another repository than the published one (a fork, the Git remote of a Vagrant
 * cluster), or charts from another place, the root patches that into its children.
 */
export function declareRoot(
  repository: Repository = PUBLISHED,
  deviations: Deviations = {},
): Manifest[] {
  const patches = listPatches(declareApplications(repository, deviations));
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
  readonly value: unknown;
}

/** JSON6902 patches that make the published applications those wished. */
function listPatches(wished: readonly Manifest[]): KustomizePatch[] {
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

/** Every value that differs, by its JSON pointer: whole where the fields are not the same ones. */
function listReplacements(from: unknown, to: unknown, pointer: string): Replacement[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isObject(from) || !isObject(to) || !isDeepStrictEqual(Object.keys(from), Object.keys(to))) {
    return [{ op: "replace", path: pointer, value: to }];
  }
  const values = new Map(Object.entries(to));
  return Object.entries(from).flatMap(([key, value]) =>
    listReplacements(
      value,
      values.get(key),
      `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    ),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
