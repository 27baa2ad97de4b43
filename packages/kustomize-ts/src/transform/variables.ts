import { BuildError } from "../errors.ts";
import { type FieldSpec, splitFieldPath } from "../field-spec.ts";
import type { VarSpec } from "../kustomization-parts.ts";
import { createId, formatGvk, idKey, parseApiVersion, type ResId } from "../res-id.ts";

import type { Resource } from "../resource.ts";
import { findByAnyId, type ResourceMap } from "../resource-map.ts";
import { lookup } from "../yaml/access.ts";
import { isNull, Style, Tag, type YamlNode } from "../yaml/node.ts";
import { parseGoInt } from "../yaml/resolve.ts";
import { createSpecSelector, visitFields } from "./visit-fields.ts";

/** What a var reads when it does not say. */
const DEFAULT_PATH = "metadata.name";

/** The vars of a build by their names. */
export type VarSet = Map<string, VarSpec>;

/** What a var stands for. */
interface VarValue {
  readonly text: string;
  readonly tag: string;
}

/** Adds vars, and notes on each resource the vars that read from it. */
export function mergeVars(map: ResourceMap, vars: VarSet, incoming: readonly VarSpec[]): void {
  for (const spec of incoming) {
    const id = targetId(spec);
    const key = idKey(id);
    const byNamespace = id.namespace !== "" || id.clusterScoped;
    const found = findByAnyId(map, (other) =>
      byNamespace ? idKey(other) === key : isSameExceptNamespace(id, other),
    );
    if (found.length > 1) {
      const message = `found ${found.length} resId matches for var ${describeTyped(spec)} (unable to disambiguate)`;
      throw new BuildError("INVALID_VAR", message, { field: "vars" });
    }
    found[0]?.refVarNames.push(spec.name);
  }
  addVars(vars, incoming);
}

/** Adds vars of a base; the same name twice is an error. */
export function addVars(vars: VarSet, incoming: Iterable<VarSpec>): void {
  for (const spec of incoming) {
    if (vars.has(spec.name)) {
      throw new BuildError("INVALID_VAR", `var '${spec.name}' already encountered`, {
        field: "vars",
      });
    }
    vars.set(spec.name, spec);
  }
}

function targetId({ objref }: VarSpec): ResId {
  const { apiVersion, group, version, kind, name, namespace } = objref;
  const gvk = apiVersion === "" ? { group, version } : parseApiVersion(apiVersion);
  return createId({ ...gvk, kind }, name, namespace);
}

function isSameExceptNamespace(a: ResId, b: ResId): boolean {
  return a.name === b.name && a.kind === b.kind && a.group === b.group && a.version === b.version;
}

/** A var as Go prints the struct: of its target only the type, since that has a text of its own. */
export function describeWritten({ name, objref, fieldref }: VarSpec): string {
  return `{${name} ${formatGvk(objref)} {${fieldref.fieldPath}}}`;
}

/** The same once its API version was looked at. */
function describeTyped({ name, objref, fieldref }: VarSpec, path = fieldref.fieldPath): string {
  const { apiVersion, group, version, kind } = objref;
  const gvk = apiVersion === "" ? { group, version } : parseApiVersion(apiVersion);
  return `{${name} ${formatGvk({ ...gvk, kind })} {${path}}}`;
}

function describe(spec: VarSpec): string {
  return describeTyped(spec, spec.fieldref.fieldPath || DEFAULT_PATH);
}

/** Puts the values of vars in place of `$(NAME)`; gives the names of those that nothing used. */
export function resolveVars(
  resources: readonly Resource[],
  vars: VarSet,
  fieldSpecs: readonly FieldSpec[],
): string[] {
  if (vars.size === 0) return [];
  const values = new Map<string, VarValue>();
  for (const spec of [...vars.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    values.set(spec.name, findValue(resources, spec));
  }
  const used = new Set<string>();
  const replace = (node: YamlNode) => replaceIn(node, values, used);
  const select = createSpecSelector(fieldSpecs);
  for (const resource of resources)
    visitFields(resource, select, (node) => replaceInField(node, replace));
  return [...values.keys()].filter((name) => !used.has(name));
}

function findValue(resources: readonly Resource[], spec: VarSpec): VarValue {
  const resource = resources.find(({ refVarNames }) => refVarNames.includes(spec.name));
  if (resource === undefined) {
    const message = `var '${describe(spec)}' cannot be mapped to a field in the set of known resources`;
    throw new BuildError("INVALID_VAR", message, { field: "vars" });
  }
  const path = spec.fieldref.fieldPath || DEFAULT_PATH;
  const node = tryLookup(resource.node, path);
  if (node === undefined) {
    const message = `field specified in var '${describe(spec)}' not found in corresponding resource`;
    throw new BuildError("INVALID_VAR", message, { field: "vars" });
  }
  return readValue(node);
}

function tryLookup(root: YamlNode, path: string): YamlNode | undefined {
  // `ports[0]` is `ports.0`.
  const parts = splitFieldPath(path).flatMap((part) => {
    const [, name = "", index] = /^(.*)\[(\d+)\]$/.exec(part) ?? [];
    if (index === undefined) return [part];
    return name === "" ? [index] : [name, index];
  });
  try {
    return lookup(root, parts);
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

function readValue(node: YamlNode): VarValue {
  if (node.kind !== "scalar") return { text: "", tag: node.kind };
  switch (node.tag) {
    case Tag.int:
      return { text: (parseGoInt(node.value) ?? 0n).toString(), tag: Tag.int };
    case Tag.float:
      return { text: String(Number(node.value)), tag: Tag.float };
    case Tag.bool:
      return { text: node.value.toLowerCase(), tag: Tag.bool };
    default:
      return { text: node.value, tag: Tag.string };
  }
}

function isString(node: YamlNode): boolean {
  return node.kind === "scalar" && (node.tag === Tag.string || node.tag === Tag.none);
}

function replaceInField(node: YamlNode, replace: (node: YamlNode) => void): void {
  if (isNull(node)) return;
  if (node.kind === "scalar") {
    if (isString(node)) replace(node);
    return;
  }
  if (node.kind === "seq") {
    for (const item of node.content) {
      if (!isString(item)) throw new BuildError("WRONG_TYPE", "invalid value type expect a string");
      replace(item);
    }
    return;
  }
  for (let i = 0; i + 1 < node.content.length; i += 2) {
    const key = node.content[i];
    const value = node.content[i + 1];
    if (key !== undefined && !isString(key)) {
      throw new BuildError("WRONG_TYPE", `invalid map key: value='${key.value}', tag='${key.tag}'`);
    }
    if (value !== undefined && isString(value)) replace(value);
  }
}

function replaceIn(node: YamlNode, values: ReadonlyMap<string, VarValue>, used: Set<string>): void {
  const { text, tag } = substitute(node.value, values, used);
  node.value = text;
  node.tag = tag;
  node.style = text.includes("\n") && tag === Tag.string ? Style.literal : Style.plain;
}

/** `$(NAME)` is a var, `$$` a dollar; a text that is one var only takes on the var's type. */
function substitute(
  text: string,
  values: ReadonlyMap<string, VarValue>,
  used: Set<string>,
): VarValue {
  let out = "";
  let from = 0;
  for (let at = text.indexOf("$"); at >= 0 && at + 1 < text.length; at = text.indexOf("$", from)) {
    out += text.slice(from, at);
    const next = text.charAt(at + 1);
    const close = next === "(" ? text.indexOf(")", at + 2) : -1;
    if (next === "$") {
      out += "$";
      from = at + 2;
    } else if (close < 0) {
      out += `$${next}`;
      from = at + 2;
    } else {
      const name = text.slice(at + 2, close);
      const value = findScalar(values, name, used);
      if (at === 0 && close === text.length - 1) return value ?? { text, tag: Tag.string };
      out += value?.text ?? `$(${name})`;
      from = close + 1;
    }
  }
  return { text: out + text.slice(from), tag: Tag.string };
}

function findScalar(
  values: ReadonlyMap<string, VarValue>,
  name: string,
  used: Set<string>,
): VarValue | undefined {
  const value = values.get(name);
  // Only scalars can be put into a text.
  if (value === undefined || value.tag === "map" || value.tag === "seq") return undefined;
  used.add(name);
  return value;
}
