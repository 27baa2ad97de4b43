/** Why a request as such cannot be answered; what is wrong with its content is a Problem instead. */
export type RequestErrorCode =
  | "MALFORMED"
  | "CROSS_ORIGIN"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "SLOW_BODY"
  | "TOO_LARGE"
  | "WRONG_TYPE";

const STATUS = {
  MALFORMED: 400,
  CROSS_ORIGIN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  SLOW_BODY: 408,
  TOO_LARGE: 413,
  WRONG_TYPE: 415,
} as const satisfies Record<RequestErrorCode, number>;

/** Thrown in a route, answered in `app.onError`, as a page or as JSON. The message is for the visitor. */
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
