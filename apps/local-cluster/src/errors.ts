/** What can keep the local cluster from running. The code is for programs, the message for people. */
export type UpErrorCode =
  | "BAD_ARGUMENT"
  | "BAD_MANIFEST"
  | "GIT"
  | "LINT"
  | "NOT_READY"
  | "NO_CLUSTER"
  | "NO_FOLDER"
  | "NO_WATCH"
  | "PORT_TAKEN"
  | "PROGRAM_ENDED"
  | "RENDER"
  | "UNKNOWN_IMAGE"
  | "UNKNOWN_OVERLAY"
  | "UNSUPPORTED";

interface UpErrorOptions extends ErrorOptions {
  readonly code: UpErrorCode;
}

/** The one error of the command; its message says what would be right. */
export class UpError extends Error {
  override name = "UpError";
  readonly code: UpErrorCode;

  constructor(message: string, { code, ...options }: UpErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
