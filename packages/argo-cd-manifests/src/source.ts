/** Where manifests come from: a folder in Git, or a chart in a Helm repository. */
export interface ApplicationSource {
  /** The address of the Git or Helm repository. */
  readonly repoURL: string;
  /** A branch, tag or commit in Git; a version of the chart. Pin the latter exactly. */
  readonly targetRevision: string;
  /** The folder in the Git repository. Not together with `chart`. */
  readonly path?: string;
  /** The chart in the Helm repository. Not together with `path`. */
  readonly chart?: string;
  /** Makes the files of this source available to the value files of others as `$<ref>/…`. */
  readonly ref?: string;
  readonly helm?: HelmOptions;
  readonly kustomize?: KustomizeOptions;
  readonly directory?: DirectoryOptions;
}

/** How a chart is rendered. */
export interface HelmOptions {
  /** The name of the release; the application's if absent. Charts derive names and labels from it. */
  readonly releaseName?: string;
  /** Files of values, later ones win; `$<ref>/<path>` reads them from another source. */
  readonly valueFiles?: readonly string[];
  /** Values over those of the files. */
  readonly valuesObject?: Readonly<Record<string, unknown>>;
  /** Single values over all others. */
  readonly parameters?: readonly HelmParameter[];
  /** Leaves out the chart's custom resource definitions. */
  readonly skipCrds?: boolean;
  readonly skipSchemaValidation?: boolean;
  readonly ignoreMissingValueFiles?: boolean;
}

/** One value of a chart, as `helm --set` has it. */
export interface HelmParameter {
  readonly name: string;
  readonly value: string;
  /** Takes the value as text even if it looks like a number or a truth value. */
  readonly forceString?: boolean;
}

/** What is set over the kustomization of the folder. */
export interface KustomizeOptions {
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  /** `name=newName:newTag`, as `kustomize edit set image` has it. */
  readonly images?: readonly string[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly components?: readonly string[];
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  /** Patches over the rendered resources, either inline or from a file of the folder. */
  readonly patches?: readonly KustomizePatch[];
}

/** A patch, inline or from a file, and what it is for. */
export interface KustomizePatch {
  /** A strategic merge patch or a JSON6902 list, as YAML. */
  readonly patch?: string;
  readonly path?: string;
  readonly target?: PatchTarget;
}

/** The resources that a patch is for: all that match every field given. */
export interface PatchTarget {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** Which files of a folder of plain manifests are read. */
export interface DirectoryOptions {
  /** Reads the folders in the folder as well. */
  readonly recurse?: boolean;
  /** A glob of the files to read. */
  readonly include?: string;
  /** A glob of the files not to read. */
  readonly exclude?: string;
}
