import { compileGoRegex } from "./go-regex.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { effectiveNamespace, type Gvk, type ResId } from "./res-id.ts";
import {
  annotationsOf,
  currentId,
  gvkOf,
  labelsOf,
  originalId,
  type Resource,
} from "./resource.ts";

/** Which resources are meant; every part is a regular expression, an empty one selects all. */
export interface Selector extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly annotationSelector: string;
}

type Test = (text: string) => boolean;

function compile(pattern: string): Test {
  if (pattern === "") return () => true;
  if (/^[\w-]+$/.test(pattern)) return (text) => text === pattern;
  const regex = compileGoRegex(`^(?:${pattern})$`);
  return (text) => regex.test(text);
}

/** A selector whose parts are ready to be tested. */
export interface CompiledSelector {
  readonly matchesGvk: (gvk: Gvk) => boolean;
  readonly matchesName: Test;
  readonly matchesNamespace: Test;
  readonly matchesMetadata: (resource: Resource) => boolean;
}

/** Compiles the expressions of a selector once. Throws for one that Go would refuse. */
export function compileSelector(selector: Selector): CompiledSelector {
  const [group, version, kind] = [selector.group, selector.version, selector.kind].map(compile);
  // Read when the first resource comes: a wrong one that has nothing to select is no mistake.
  let parts: ReturnType<typeof parseMetadata> | undefined;
  return {
    matchesGvk: (gvk) =>
      group?.(gvk.group) === true && version?.(gvk.version) === true && kind?.(gvk.kind) === true,
    matchesName: compile(selector.name),
    matchesNamespace: compile(selector.namespace),
    matchesMetadata: (resource) => {
      parts ??= parseMetadata(selector);
      return parts.labels(labelsOf(resource)) && parts.annotations(annotationsOf(resource));
    },
  };
}

function parseMetadata({ labelSelector, annotationSelector }: Selector) {
  return {
    labels: parseLabelSelector(labelSelector),
    annotations: parseLabelSelector(annotationSelector),
  };
}

/** The resources that are selected by the id they have or the one they had first. */
export function selectResources(resources: readonly Resource[], selector: Selector): Resource[] {
  const test = compileSelector(selector);
  return resources.filter((resource) => {
    if (!test.matchesGvk(gvkOf(resource))) return false;
    const ids: ResId[] = [originalId(resource), currentId(resource)];
    return (
      ids.some((id) => test.matchesNamespace(effectiveNamespace(id))) &&
      ids.some((id) => test.matchesName(id.name)) &&
      test.matchesMetadata(resource)
    );
  });
}
