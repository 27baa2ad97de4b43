import { TrainingError, type TrainingErrorCode } from "../errors.ts";

export { TrainingError };

/** A TrainingError with what caused it; a function, so that a catch may make one in a line. */
export function failure(code: TrainingErrorCode, message: string, cause?: unknown): TrainingError {
  return new TrainingError(code, message, cause === undefined ? undefined : { cause });
}

/** A disk that is full is told as such; what was written stays and is continued later. */
export function unwritable(path: string, cause: unknown): TrainingError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return failure("DISK_FULL", `Cannot write "${path}": no space left on the disk`, cause);
  }
  return failure("OUTPUT_FAILED", `Cannot write "${path}": ${String(cause)}`, cause);
}
