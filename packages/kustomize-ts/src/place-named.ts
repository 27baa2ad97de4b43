import { BuildError, type BuildErrorCode } from "./errors.ts";
import { loadText } from "./load.ts";
import type { Target } from "./target.ts";
import type { YamlNode } from "./yaml/node.ts";
import { parseOldYaml } from "./yaml/parse-old.ts";

/** What is wrong with a path, not with what stands in the file. */
const OF_PATHS: ReadonlySet<BuildErrorCode> = new Set([
  "CYCLE",
  "FILE_NOT_FOUND",
  "NOT_A_DIRECTORY",
  "OUTSIDE_ROOT",
  "REMOTE_DISABLED",
]);

/** Gives an error about a path the place where the kustomization names it. */
export function placeNamed(error: unknown, { file, loader }: Target): unknown {
  if (!(error instanceof BuildError) || error.line !== undefined) return error;
  const { code, detail, field } = error;
  if (!OF_PATHS.has(code)) return error;
  const root = parseOldYaml(loadText(loader, file), { file });
  const named = root === undefined ? undefined : findPath(root, error.file);
  if (named === undefined) return error;
  const place = { file, field, line: named.line, column: named.column };
  return new BuildError(code, detail, { ...place, cause: error });
}

/** The first text that is the path, or a key of a generator and the path: `key=path`. */
function findPath(node: YamlNode, path: string): YamlNode | undefined {
  if (node.kind === "scalar") {
    return node.value === path || node.value.endsWith(`=${path}`) ? node : undefined;
  }
  for (const child of node.content) {
    const found = findPath(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
