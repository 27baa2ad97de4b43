/** What can go wrong with training. The code is for programs, the message for people. */
export type TrainingErrorCode =
  | "BAD_OPTION"
  | "BAD_ROW"
  | "DATA_MISSING"
  | "DATA_UNREADABLE"
  | "DATA_UNUSABLE"
  | "DOWNLOAD_FAILED"
  | "MODEL_BROKEN"
  | "OUTPUT_FAILED";

/** A failure that the caller may act on: wrong options, wrong rows, a file that is not there. */
export class TrainingError extends Error {
  override name = "TrainingError";
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
