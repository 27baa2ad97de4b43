import { appendValue, readValue, removeValue, renameKey, setValue } from "./splice.ts";

const API_VERSIONS = {
  Kustomization: "kustomize.config.k8s.io/v1beta1",
  Component: "kustomize.config.k8s.io/v1alpha1",
} as const;

/** Fields that 5.8.1 still reads and writes back under another name, whatever the edit was. */
const RENAMED = [
  ["bases", "resources"],
  ["imageTags", "images"],
] as const;

/** The list at a field; empty when the field is not there. A field of another shape is refused. */
export function readList(text: string, field: string): readonly unknown[] {
  const value = readValue(text, [field]) ?? [];
  if (!Array.isArray(value)) {
    throw new TypeError(`The field "${field}" is not a list`);
  }
  return value;
}

/** The map at a field or deeper; undefined when it is not there. */
export function readMap(
  text: string,
  path: readonly (string | number)[],
): Readonly<Record<string, unknown>> | undefined {
  const value = readValue(text, path);
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError(`The field "${path.join(".")}" is not a map`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** What every `kustomize edit` does on the way: kind and apiVersion are named, old names become new ones. */
export function completeFields(text: string): string {
  let result = text;
  for (const [from, to] of RENAMED) {
    result = moveList(result, from, to);
  }
  for (const generator of ["configMapGenerator", "secretGenerator"]) {
    result = renameEnv(result, generator);
  }
  const { apiVersion, kind } = readMap(result, []) ?? {};
  const wished = kind === "Component" ? "Component" : "Kustomization";
  if (apiVersion === undefined) {
    result = setValue(result, ["apiVersion"], API_VERSIONS[wished]);
  }
  return kind === undefined ? setValue(result, ["kind"], wished) : result;
}

function moveList(text: string, from: string, to: string): string {
  const items = readList(text, from);
  if (readValue(text, [to]) === undefined) {
    return renameKey(text, from, to);
  }
  const moved = items.reduce<string>((result, item) => appendValue(result, [to], item), text);
  return readValue(text, [from]) === undefined ? text : removeValue(moved, [from]);
}

/** `env: file` of a generator was the single form of `envs`. */
function renameEnv(text: string, generator: string): string {
  return readList(text, generator).reduce<string>((result, _, index) => {
    const env = readMap(result, [generator, index])?.["env"];
    return env === undefined
      ? result
      : removeValue(appendValue(result, [generator, index, "envs"], env), [
          generator,
          index,
          "env",
        ]);
  }, text);
}
