import { BuildError } from "./errors.ts";
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

/**
 * A Go regular expression (RE2) as a test of the whole text. What JavaScript writes otherwise is
 * rewritten; backreferences and look-around, which RE2 does not have, are refused.
 */
export function compileRegex(pattern: string): RegExp {
  if (/\\[1-9]|\(\?[=!]|\(\?<[=!]/.test(pattern)) {
    throw invalidRegex(pattern);
  }
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (flags === null ? pattern : pattern.slice(flags[0].length))
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\A", "^")
    .replaceAll("\\z", "$")
    .replaceAll(/\[\[:(\w+):\]\]/g, (_, name: string) => POSIX_CLASSES[name] ?? `[[:${name}:]]`);
  try {
    return new RegExp(body, `u${flags?.[1] ?? ""}`);
  } catch {
    return compileLoosely(body, pattern, flags?.[1] ?? "");
  }
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: "[0-9A-Za-z]",
  alpha: "[A-Za-z]",
  digit: "[0-9]",
  lower: "[a-z]",
  space: "[\\t\\n\\v\\f\\r ]",
  upper: "[A-Z]",
  word: "[0-9A-Za-z_]",
  xdigit: "[0-9A-Fa-f]",
};

/** Without the `u` flag more escapes are taken, such as the `\-` and `\/` that RE2 also takes. */
function compileLoosely(body: string, pattern: string, flags: string): RegExp {
  try {
    return new RegExp(body, flags);
  } catch (error) {
    throw invalidRegex(pattern, error);
  }
}

function invalidRegex(pattern: string, cause?: unknown): BuildError {
  const message = `error parsing regexp: \`${pattern}\``;
  return new BuildError("INVALID_SELECTOR", message, { cause });
}

function compile(pattern: string): Test {
  if (pattern === "") return () => true;
  if (/^[\w-]+$/.test(pattern)) return (text) => text === pattern;
  const regex = compileRegex(`^(?:${pattern})$`);
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
  const matchesLabels = parseLabelSelector(selector.labelSelector);
  const matchesAnnotations = parseLabelSelector(selector.annotationSelector);
  return {
    matchesGvk: (gvk) =>
      group?.(gvk.group) === true && version?.(gvk.version) === true && kind?.(gvk.kind) === true,
    matchesName: compile(selector.name),
    matchesNamespace: compile(selector.namespace),
    matchesMetadata: (resource) =>
      matchesLabels(labelsOf(resource)) && matchesAnnotations(annotationsOf(resource)),
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
