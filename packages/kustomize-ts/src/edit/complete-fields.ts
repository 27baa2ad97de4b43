import { moveCharts } from "./charts.ts";
import { readList, readMap } from "./fields.ts";
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

/** What every `kustomize edit` does on the way: kind and apiVersion are named, old names become new ones. */
export function completeFields(text: string): string {
  let result = text;
  for (const [from, to] of RENAMED) {
    result = moveList(result, from, to);
  }
  for (const generator of ["configMapGenerator", "secretGenerator"]) {
    result = renameEnv(result, generator);
  }
  result = moveCharts(result);
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
