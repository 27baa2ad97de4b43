import { posix } from "node:path";
import { Note } from "./build-notes.ts";
import { parseRepoSpec } from "./repo-spec.ts";
import {
  annotationOf,
  annotationsOf,
  apiVersionOf,
  isDeleted,
  kindOf,
  nameOf,
  namespaceOf,
  type Resource,
  setAnnotations,
} from "./resource.ts";
import { createFromValue, toJsonValue } from "./yaml/convert.ts";
import { emitNode } from "./yaml/emit-node.ts";
import { parseDocument } from "./yaml/parser.ts";

/** Who configured a generator or a transformer. */
interface ConfiguredBy {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Where a resource comes from, as `buildMetadata: [originAnnotations]` shows it. */
export interface Origin {
  readonly path?: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: ConfiguredBy;
}

/** The origin of what a path leads to from here. */
export function appendPath(origin: Origin, path: string): Origin {
  const spec = parseRepoSpec(path);
  if (spec === undefined) return withPath(origin, posix.join(origin.path ?? "", path));
  const repo = { repo: spec.cloneSpec, ...(spec.ref === "" ? {} : { ref: spec.ref }) };
  return withPath(repo, posix.normalize(spec.path === "" ? "." : spec.path));
}

function withPath(origin: Origin, path: string): Origin {
  const { path: _, ...rest } = origin;
  return path === "" || path === "." ? rest : { path, ...rest };
}

/** The origin of what a built-in generator or transformer of a kustomization makes. */
export function builtInOrigin(origin: Origin, kind: string, file: string): Origin {
  return {
    ...repoOf(origin),
    configuredIn: posix.join(origin.path ?? "", file),
    configuredBy: { apiVersion: "builtin", kind },
  };
}

function repoOf({ repo, ref }: Origin): Origin {
  return { ...(repo === undefined ? {} : { repo }), ...(ref === undefined ? {} : { ref }) };
}

/** The origin of what a generator or transformer with a file of its own makes. */
export function pluginOrigin(config: Resource): Origin | undefined {
  const text = annotationOf(config, Note.origin);
  if (text === undefined) return undefined;
  const { path, ...rest } = parseOrigin(text);
  const id = {
    apiVersion: apiVersionOf(config),
    kind: kindOf(config),
    name: nameOf(config),
    namespace: namespaceOf(config),
  };
  const configuredBy = Object.fromEntries(Object.entries(id).filter(([, value]) => value !== ""));
  return { ...repoOf(rest), ...(path === undefined ? {} : { configuredIn: path }), configuredBy };
}

function parseOrigin(text: string): Origin {
  const root = parseDocument(text, { file: "" })?.root;
  const value = root === undefined ? {} : toJsonValue(root);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const part = (name: "path" | "ref" | "repo") => {
    const found = value[name];
    return typeof found === "string" ? { [name]: found } : {};
  };
  return { ...part("path"), ...part("repo"), ...part("ref") };
}

function formatOrigin({ path, repo, ref, configuredIn, configuredBy }: Origin): object {
  const entries = Object.entries({ path, repo, ref, configuredIn, configuredBy });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Writes where a resource comes from into its annotation. */
export function setOrigin(resource: Resource, origin: Origin): void {
  const text = emitNode(createFromValue(formatOrigin(origin)));
  setAnnotations(resource, annotationsOf(resource).set(Note.origin, text));
}

/** Notes the origin on resources that have none. */
export function addOrigin(resources: readonly Resource[], origin: Origin | undefined): void {
  if (origin === undefined) return;
  for (const resource of resources) {
    if (annotationOf(resource, Note.origin) === undefined) setOrigin(resource, origin);
  }
}

/** Notes a transformation; on what has no origin yet, it is the origin. */
export function addTransformation(resources: readonly Resource[], origin: Origin): void {
  for (const resource of resources) {
    if (isDeleted(resource)) continue;
    if (annotationOf(resource, Note.origin) === undefined) {
      setOrigin(resource, origin);
      continue;
    }
    const before = annotationOf(resource, Note.transformations) ?? "";
    const entry = emitNode(createFromValue([formatOrigin(origin)]));
    setAnnotations(resource, annotationsOf(resource).set(Note.transformations, before + entry));
  }
}
