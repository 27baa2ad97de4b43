import type { FieldSpec } from "../field-spec.ts";
import { compileGoRegex } from "../go-regex.ts";
import type { Image } from "../kustomization-parts.ts";
import { kindOf, type Resource } from "../resource.ts";
import { requireKind, setScalar } from "../yaml/access.ts";
import { createPlain, getField, isNull, type YamlNode } from "../yaml/node.ts";
import { createSpecSelector, visitFields } from "./visit-fields.ts";

/** Gives images another name, tag or digest: in all containers, and where the specifications say. */
export function setImages(
  resources: readonly Resource[],
  { image, fieldSpecs }: { image: Image; fieldSpecs: readonly FieldSpec[] },
): void {
  const matches = createMatcher(image.name);
  const visit = (node: YamlNode) => {
    requireKind(node, "scalar");
    if (matches(node.value)) setScalar(node, createPlain(changeImage(node.value, image)));
  };
  const select = createSpecSelector(fieldSpecs);
  const targets = resources.filter((resource) => kindOf(resource) !== "CustomResourceDefinition");
  for (const { node } of targets) visitContainers(node, visit);
  for (const resource of targets) visitFields(resource, select, visit);
}

/** The name is a regular expression, as it has become in the real one by accident. */
function createMatcher(name: string): (image: string) => boolean {
  if (/^[\w/:-]+$/.test(name)) {
    const rest = /^(?::[a-zA-Z0-9_.{}-]*)?(?:@sha256:[a-zA-Z0-9_.{}-]*)?$/;
    return (image) => image.startsWith(name) && rest.test(image.slice(name.length));
  }
  let regex: ReturnType<typeof compileGoRegex> | undefined;
  return (image) => {
    // Only an image brings a wrong expression to light.
    regex ??= compileGoRegex(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
    return regex.test(image);
  };
}

/** Visits `image` in every list named `containers` or `initContainers`, wherever it stands. */
function visitContainers(node: YamlNode, visit: (image: YamlNode) => void): void {
  if (node.kind === "seq") {
    for (const item of node.content) visitContainers(item, visit);
    return;
  }
  if (node.kind !== "map") return;
  const { content } = node;
  for (let i = 0; i + 1 < content.length; i += 2) {
    const key = content[i];
    const value = content[i + 1];
    if (key === undefined || value === undefined || value.kind === "scalar") continue;
    visitContainers(value, visit);
    if (value.kind !== "seq" || (key.value !== "containers" && key.value !== "initContainers"))
      continue;
    for (const item of value.content) {
      if (isNull(item)) continue;
      requireKind(item, "map");
      const image = getField(item, "image");
      if (image !== undefined) visit(image);
    }
  }
}

interface ImageParts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

/** Splits `registry:5000/name:tag@digest`. */
export function splitImage(image: string): ImageParts {
  const slash = Math.max(image.indexOf("/"), 0);
  const at = image.indexOf("@", slash);
  const colon = image.indexOf(":", slash);
  if (at < 0 && colon < 0) return { name: image, tag: "", digest: "" };
  if (at >= 0 && (at < colon || colon < 0)) {
    return { name: image.slice(0, at), tag: "", digest: image.slice(at + 1) };
  }
  if (at < 0) return { name: image.slice(0, colon), tag: image.slice(colon + 1), digest: "" };
  return {
    name: image.slice(0, colon),
    tag: image.slice(colon + 1, at),
    digest: image.slice(at + 1),
  };
}

function changeImage(image: string, { newName, newTag, digest, tagSuffix }: Image): string {
  const old = splitImage(image);
  const name = newName === "" ? old.name : newName;
  let parts = { tag: old.tag, digest: old.digest };
  if (newTag !== "" || digest !== "") parts = { tag: newTag, digest };
  else if (tagSuffix !== "") parts = { tag: old.tag + tagSuffix, digest: "" };
  return `${name}${parts.tag === "" ? "" : `:${parts.tag}`}${parts.digest === "" ? "" : `@${parts.digest}`}`;
}
