import type { ApplicationSpec } from "./application.ts";
import { ANNOTATION, ARGO_CD_NAMESPACE, type Metadata } from "./metadata.ts";

/** Makes an application for each set of parameters that its generators give. */
export interface ApplicationSet {
  readonly apiVersion: "argoproj.io/v1alpha1";
  readonly kind: "ApplicationSet";
  readonly metadata: Metadata;
  readonly spec: ApplicationSetSpec;
}

/** The generators, the template, and what happens to applications that are no longer made. */
export interface ApplicationSetSpec {
  /** Templates in Go's language (`{{.name}}`); without it in the older `{{name}}`. */
  readonly goTemplate?: boolean;
  /** `missingkey=error` makes a misspelt parameter an error rather than `<no value>`. */
  readonly goTemplateOptions?: readonly string[];
  readonly generators: readonly Generator[];
  readonly template: ApplicationTemplate;
  /** A patch over the template, itself a template. */
  readonly templatePatch?: string;
  readonly syncPolicy?: {
    readonly applicationsSync?: "create-only" | "create-update" | "create-delete" | "sync";
    /** Leaves what was deployed when an application goes. */
    readonly preserveResourcesOnDeletion?: boolean;
  };
  readonly preservedFields?: {
    readonly annotations?: readonly string[];
    readonly labels?: readonly string[];
  };
}

/** An application whose strings hold parameters. */
export interface ApplicationTemplate {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec: ApplicationSpec;
}

/** Where parameters come from; the selector keeps those sets whose parameters match. */
export type Generator = (
  | { readonly list: ListGenerator }
  | { readonly git: GitGenerator }
  | { readonly clusters: ClusterGenerator }
  | { readonly matrix: { readonly generators: readonly [Generator, Generator] } }
) & { readonly selector?: LabelSelector };

/** A set for each element that is written here. */
export interface ListGenerator {
  readonly elements: readonly Readonly<Record<string, unknown>>[];
}

/** A set for each folder, or for each JSON or YAML file, whose path matches. */
export interface GitGenerator {
  readonly repoURL: string;
  readonly revision: string;
  readonly directories?: readonly GitPath[];
  readonly files?: readonly GitPath[];
  readonly values?: Readonly<Record<string, string>>;
  readonly requeueAfterSeconds?: number;
  readonly pathParamPrefix?: string;
}

/** A path or a glob; excluded paths win. */
export interface GitPath {
  readonly path: string;
  readonly exclude?: boolean;
}

/** A set for each cluster that Argo CD knows and the selector matches. */
export interface ClusterGenerator {
  readonly selector?: LabelSelector;
  readonly values?: Readonly<Record<string, string>>;
}

/** All of these must hold; empty matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

/** What differs between application sets of ours. */
export interface BuildApplicationSetOptions {
  readonly generators: readonly Generator[];
  readonly template: ApplicationTemplate;
  readonly wave?: number;
}

/** A set whose templates are strict: a parameter that does not exist is an error. */
export function buildApplicationSet(
  name: string,
  { generators, template, wave }: BuildApplicationSetOptions,
): ApplicationSet {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: {
      name,
      namespace: ARGO_CD_NAMESPACE,
      ...(wave === undefined ? {} : { annotations: { [ANNOTATION.syncWave]: String(wave) } }),
    },
    spec: {
      goTemplate: true,
      goTemplateOptions: ["missingkey=error"],
      generators,
      template,
    },
  };
}
