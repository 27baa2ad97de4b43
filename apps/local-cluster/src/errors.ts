/** What can keep the local cluster from running. The code is for programs, the message for people. */
export type UpErrorCode = "BAD_ARGUMENT" | "NOT_READY" | "PORT_TAKEN" | "PROGRAM_ENDED";

interface UpErrorOptions extends ErrorOptions {
  readonly code: UpErrorCode;
}

export class UpError extends Error {
  override name = "UpError";
  readonly code: UpErrorCode;

  constructor(message: string, { code, ...options }: UpErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
