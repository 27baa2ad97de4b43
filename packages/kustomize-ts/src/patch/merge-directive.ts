import { BuildError } from "../errors.ts";
import { getField, isEmpty, isNull, removeField, type YamlNode } from "../yaml/node.ts";

/** What a patch asks for with `$patch`. */
export type Directive = "delete" | "merge" | "replace";

const KEY = "$patch";

/** Reads the directive of a patch and takes it out (kyaml merge2/smpdirective.go). */
export function takeDirective(patch: YamlNode | undefined): Directive {
  if (patch === undefined) return "merge";
  if (patch.kind === "map") return takeFromMap(patch);
  if (patch.kind === "seq") return takeFromList(patch);
  throw new BuildError(
    "INVALID_PATCH",
    `no implemented strategic merge patch strategy for '${patch.tag}' ('${patch.value}')`,
  );
}

function takeFromMap(patch: YamlNode): Directive {
  const field = getField(patch, KEY);
  if (field === undefined) return "merge";
  const directive = parseDirective(field.value);
  removeField(patch, KEY);
  return directive;
}

/** In a list the directive is an element of its own, with nothing beside it. */
function takeFromList(patch: YamlNode): Directive {
  const element = patch.content.find((item) => getField(item, KEY) !== undefined);
  if (element === undefined || element.content.length > 2) return "merge";
  const directive = parseDirective(getField(element, KEY)?.value ?? "");
  patch.content = patch.content.filter(
    (item) => !isNull(item) && !isEmpty(item) && getField(item, KEY)?.value !== directive,
  );
  return directive;
}

function parseDirective(value: string): Directive {
  if (value === "delete" || value === "merge" || value === "replace") return value;
  throw new BuildError("INVALID_PATCH", `unknown patch strategy '${value}'`);
}
