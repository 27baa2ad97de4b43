/** What can be wrong with a request; the code is for programs, the message for people. */
export type RequestErrorCode =
  | "MALFORMED"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "SLOW_BODY"
  | "TOO_LARGE"
  | "WRONG_TYPE"
  | "NOT_REPORTS";

const STATUS = {
  MALFORMED: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  SLOW_BODY: 408,
  TOO_LARGE: 413,
  WRONG_TYPE: 415,
  NOT_REPORTS: 422,
} as const satisfies Record<RequestErrorCode, number>;

/** Thrown in a route, answered in `app.onError`. The message is shown to the caller. */
export class RequestError extends Error {
  override name = "RequestError";
  readonly code: RequestErrorCode;
  readonly status: (typeof STATUS)[RequestErrorCode];

  constructor(message: string, { code, ...options }: ErrorOptions & { code: RequestErrorCode }) {
    super(message, options);
    this.code = code;
    this.status = STATUS[code];
  }
}
