import { TrainingError, type TrainingErrorCode } from "../errors.ts";

export { TrainingError };

/** A TrainingError with what caused it; a function, so that a catch may make one in a line. */
export function failure(code: TrainingErrorCode, message: string, cause?: unknown): TrainingError {
  return new TrainingError(code, message, cause === undefined ? undefined : { cause });
}
