import { BuildError, withContext } from "../errors.ts";
import { splitFieldPath } from "../field-spec.ts";
import type {
  FieldOptions,
  Replacement,
  SourceSelector,
  TargetSelector,
} from "../kustomization-parts.ts";
import { formatId, isSelectedBy, type ResId } from "../res-id.ts";
import { currentId, previousIds, type Resource } from "../resource.ts";
import { type CompiledSelector, compileSelector, type Selector } from "../selector.ts";
import { lookup } from "../yaml/access.ts";
import {
  copyNode,
  createPlain,
  isEmpty,
  type NodeKind,
  replaceNode,
  textOf,
  type YamlNode,
} from "../yaml/node.ts";
import { matchPath } from "./match-path.ts";
import { setInStructuredText } from "./structured-text.ts";

const DEFAULT_PATH = "metadata.name";

/** Copies values from fields of resources, or given ones, into fields of others. */
export function applyReplacements(
  resources: readonly Resource[],
  replacements: readonly Replacement[],
): void {
  for (const replacement of replacements) {
    const { source, sourceValue, targets } = replacement;
    if ((source === undefined && sourceValue === undefined) || targets === undefined) {
      throw invalid("replacements must specify a source and at least one target");
    }
    const value = findValue(resources, replacement);
    for (const target of targets) applyToTarget(resources, value, target);
  }
}

function invalid(message: string): BuildError {
  return new BuildError("INVALID_REPLACEMENT", message, { field: "replacements" });
}

function findValue(resources: readonly Resource[], { source, sourceValue }: Replacement): YamlNode {
  if (source === undefined) return createPlain(sourceValue ?? "");
  if (sourceValue !== undefined) {
    throw invalid("value and resource selectors are mutually exclusive");
  }
  const resource = findSource(resources, source);
  const path = source.fieldPath === "" ? DEFAULT_PATH : source.fieldPath;
  const node = withContext("error looking up replacement source", () =>
    lookup(resource.node, splitFieldPath(path)),
  );
  if (node === undefined || isEmpty(node)) {
    const message = `fieldPath \`${path}\` is missing for replacement source ${formatSource(source)}`;
    throw invalid(message);
  }
  return refine(node, source.options);
}

function formatSource(source: SourceSelector): string {
  return formatId({ ...source, clusterScoped: false });
}

function describeSource(source: SourceSelector): string {
  const { fieldPath, options } = source;
  const parts = [formatSource(source)];
  if (fieldPath !== "") parts.push(fieldPath);
  if (options !== undefined && (options.delimiter !== "" || options.create)) {
    parts.push(`${options.delimiter}(${options.index}), create=${options.create}`);
  }
  return parts.join(":");
}

/** All ids of a resource; none of them is looked up, so that a namespace counts as it is written. */
function idsOf(resource: Resource): ResId[] {
  return [{ ...currentId(resource), clusterScoped: false }, ...previousIds(resource)];
}

function findSource(resources: readonly Resource[], source: SourceSelector): Resource {
  const namespaceOf = (namespace: string) => (namespace === "" ? "default" : namespace);
  const matches = resources.filter((resource) =>
    idsOf(resource).some(
      (id) =>
        (source.name === "" || source.name === id.name) &&
        (source.namespace === "" || namespaceOf(source.namespace) === namespaceOf(id.namespace)) &&
        isSelectedBy(id, source),
    ),
  );
  const [first] = matches;
  if (matches.length > 1) throw invalid(`multiple matches for selector ${describeSource(source)}`);
  if (first === undefined) throw invalid(`nothing selected by ${describeSource(source)}`);
  return first;
}

/** The part of a text that `delimiter` and `index` ask for. */
function refine(node: YamlNode, options: FieldOptions | undefined): YamlNode {
  if (options === undefined || options.delimiter === "") return node;
  if (node.kind !== "scalar") {
    throw invalid("delimiter option can only be used with scalar nodes");
  }
  const part = textOf(node).split(options.delimiter)[options.index];
  if (part === undefined) {
    throw invalid(`options.index ${options.index} is out of bounds for value ${textOf(node)}`);
  }
  const copy = copyNode(node);
  copy.value = part;
  return copy;
}

function applyToTarget(
  resources: readonly Resource[],
  value: YamlNode,
  target: TargetSelector,
): void {
  const { select, reject, options } = target;
  if (select === undefined) throw invalid("target must specify resources to select");
  const fieldPaths = target.fieldPaths.length === 0 ? [DEFAULT_PATH] : target.fieldPaths;
  const compile = (selector: Selector) =>
    withContext("error creating target selector", () => compileSelector(selector));
  const wanted = compile(select);
  const rejected = reject.map((selector) => ({ selector, test: compile(selector) }));
  for (const resource of resources) {
    const ids = idsOf(resource);
    if (!wanted.matchesMetadata(resource)) continue;
    if (rejected.some((one) => isRejected(resource, ids, one))) continue;
    if (!ids.some((id) => matchesId(wanted, id))) continue;
    for (const path of fieldPaths) copyValue(resource.node, value, { path, options });
  }
}

function matchesId(selector: CompiledSelector, id: ResId): boolean {
  return (
    selector.matchesGvk(id) &&
    selector.matchesName(id.name) &&
    selector.matchesNamespace(id.namespace)
  );
}

function isRejected(
  resource: Resource,
  ids: readonly ResId[],
  { selector, test }: { selector: Selector; test: CompiledSelector },
): boolean {
  const { group, version, kind, name, namespace, labelSelector, annotationSelector } = selector;
  const byMetadata = labelSelector !== "" || annotationSelector !== "";
  if (byMetadata && test.matchesMetadata(resource)) return true;
  const byId = [group, version, kind, name, namespace].some((part) => part !== "");
  return byId && ids.some((id) => matchesId(test, id));
}

function copyValue(
  root: YamlNode,
  value: YamlNode,
  { path, options }: { path: string; options: FieldOptions | undefined },
): void {
  const create: NodeKind | undefined = options?.create === true ? value.kind : undefined;
  const parts = splitFieldPath(path);
  if (setInStructuredText(root, value, { parts, create })) return;
  const problem =
    create === undefined
      ? `unable to find field ${JSON.stringify(path)} in replacement target`
      : `unable to find or create field ${JSON.stringify(path)} in replacement target`;
  const found = withContext(problem, () => matchPath(root, parts, create));
  if (found === undefined || found.length === 0) throw invalid(problem);
  for (const node of found) writeValue(node, value, options);
}

function writeValue(target: YamlNode, value: YamlNode, options: FieldOptions | undefined): void {
  const copy = copyNode(value);
  if (options !== undefined && options.delimiter !== "") {
    if (target.kind !== "scalar") {
      throw invalid("delimiter option can only be used with scalar nodes");
    }
    copy.value = insertPart(target.value, textOf(copy), options);
  }
  // A scalar keeps its own type and quotes.
  if (target.kind === "scalar") target.value = copy.value;
  else replaceNode(target, copy);
}

function insertPart(text: string, part: string, { delimiter, index }: FieldOptions): string {
  const parts = text.split(delimiter);
  if (index < 0) parts.unshift(part);
  else if (index >= parts.length) parts.push(part);
  else parts[index] = part;
  return parts.join(delimiter);
}
