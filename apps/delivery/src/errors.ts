/** What can keep a delivery from going on. The code is for programs, the message for people. */
export type DeliveryErrorCode =
  | "BAD_ARGUMENT"
  | "BAD_FILE"
  | "GIT"
  | "LINT"
  | "NOTHING_TO_DO"
  | "NOT_CLEAN"
  | "NO_METRICS"
  | "WRONG_VERSION";

interface DeliveryErrorOptions extends ErrorOptions {
  readonly code: DeliveryErrorCode;
}

/** The one error of this program; its message says what would be right. */
export class DeliveryError extends Error {
  override name = "DeliveryError";
  readonly code: DeliveryErrorCode;

  constructor(message: string, { code, ...options }: DeliveryErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
