export {
  type BuildOptions,
  type BuildResult,
  build,
  KUSTOMIZE_VERSION,
  type RenderedResource,
} from "./build.ts";
export { describeField } from "./diff/describe-field.ts";
export { describeResource } from "./diff/describe-resource.ts";
export { createGitFileSystem } from "./diff/git-file-system.ts";
export { compareResources, type ResourceChange } from "./diff/resource-changes.ts";
export { BuildError, type BuildErrorCode, type BuildErrorPlace } from "./errors.ts";
export {
  createMemoryFileSystem,
  diskFileSystem,
  type FileStat,
  type FileSystem,
} from "./file-system.ts";
export { KUSTOMIZATION_FILE_NAMES } from "./kustomization.ts";
export type { LoadRestrictor } from "./load.ts";
export type { JsonObject, JsonValue } from "./yaml/convert.ts";
export { emitYaml, parseYaml, parseYamlDocuments } from "./yaml.ts";
