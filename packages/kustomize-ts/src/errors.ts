/** What can be wrong with a build. The code is for programs, the message for people. */
export type BuildErrorCode =
  | "AMBIGUOUS_REFERENCE"
  | "CYCLE"
  | "DUPLICATE_RESOURCE"
  | "EDIT"
  | "EMPTY_KUSTOMIZATION"
  | "FILE_NOT_FOUND"
  | "FILE_TOO_LARGE"
  | "FUNCTION_REFUSED"
  | "GIT"
  | "HELM_DISABLED"
  | "HELM_FAILED"
  | "INVALID_CONFIG"
  | "INVALID_GENERATOR"
  | "INVALID_OPENAPI"
  | "INVALID_PATCH"
  | "INVALID_REPLACEMENT"
  | "INVALID_RESOURCE"
  | "INVALID_SELECTOR"
  | "INVALID_VALUE"
  | "INVALID_VAR"
  | "MANY_KUSTOMIZATIONS"
  | "NOT_A_DIRECTORY"
  | "NOT_UTF8"
  | "NOT_WRITTEN"
  | "NO_KUSTOMIZATION"
  | "NO_PATCH_TARGET"
  | "OUTSIDE_ROOT"
  | "PLUGIN_REFUSED"
  | "REMOTE_DISABLED"
  | "REMOTE_FAILED"
  | "UNKNOWN_FIELD"
  | "USAGE"
  | "VALIDATION_FAILED"
  | "WRONG_KIND"
  | "WRONG_TYPE"
  | "YAML_ALIAS_BOMB"
  | "YAML_DUPLICATE_KEY"
  | "YAML_SYNTAX"
  | "YAML_TOO_DEEP";

/** Where a build went wrong; every part is optional because not every mistake has a place. */
export interface BuildErrorPlace {
  /** The file that is wrong, as the kustomization names it, or as seen from the folder of the build. */
  readonly file?: string | undefined;
  /** The field of that file, as a path with dots. */
  readonly field?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** Counted from 1. */
  readonly column?: number | undefined;
}

/** The only error that a build throws for a wrong input. */
export class BuildError extends Error {
  override name = "BuildError";
  readonly code: BuildErrorCode;
  readonly file: string;
  readonly field: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The message without the place in front of it. */
  readonly detail: string;

  constructor(code: BuildErrorCode, detail: string, place: BuildErrorPlace & ErrorOptions = {}) {
    const { file = "", field, line, column, ...options } = place;
    super(`${formatPlace({ file, line, column })}${detail}`, options);
    this.code = code;
    this.detail = detail;
    this.file = file;
    this.field = field;
    this.line = line;
    this.column = column;
  }
}

function formatPlace({ file, line, column }: BuildErrorPlace): string {
  if (!file) return "";
  if (line === undefined) return `${file}: `;
  return `${file}:${line}${column === undefined ? "" : `:${column}`}: `;
}

/** Puts what was being done in front of an error, and the file where none is known yet. */
export function addContext(error: unknown, context: string, file?: string): unknown {
  if (!(error instanceof BuildError)) return error;
  const { code, detail, field, line, column } = error;
  const place = { file: error.file || file, field, line, column, cause: error };
  return new BuildError(code, context === "" ? detail : `${context}: ${detail}`, place);
}

/** Runs a step; an error that leaves it says what was being done. */
export function withContext<Result>(context: string, step: () => Result, file?: string): Result {
  try {
    return step();
  } catch (error) {
    throw addContext(error, context, file);
  }
}
