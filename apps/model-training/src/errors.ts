import { isSystemError } from "@hookline/command-line";

/** What can go wrong with training. The code is for programs, the message for people. */
export const TRAINING_ERROR_CODES = [
  "BAD_OPTION",
  "BAD_ROW",
  "CHECKSUM_WRONG",
  "DATA_MISSING",
  "DATA_UNREADABLE",
  "DATA_UNUSABLE",
  "DISK_FULL",
  "DOWNLOAD_FAILED",
  "KILLED",
  "MODEL_BROKEN",
  "OTHER_CONTRACT",
  "OUTPUT_FAILED",
  "STOPPED",
  "TOO_LARGE",
] as const;

export type TrainingErrorCode = (typeof TRAINING_ERROR_CODES)[number];

/** A failure that the caller may act on: wrong options, wrong rows, a file that is not there. */
export class TrainingError extends Error {
  override name = "TrainingError";
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What is told of an error: of what the system refuses (no room, no right) a sentence, too; undefined for a fault of ours. */
export function explainError(command: string, error: unknown): TrainingError | undefined {
  if (error instanceof TrainingError) return error;
  if (!isSystemError(error)) return undefined;
  const code = /^(?:ENOSPC|EDQUOT)/.test(error.message) ? "DISK_FULL" : "OUTPUT_FAILED";
  return new TrainingError(code, `Cannot ${command}: ${error.message}`, { cause: error });
}
