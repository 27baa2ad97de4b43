/** What can keep a program from answering what was asked; the code is for programs, the message for people. */
export type ServiceErrorCode =
  | "MALFORMED"
  | "CROSS_ORIGIN"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "SLOW_BODY"
  | "TOO_LARGE"
  | "WRONG_TYPE"
  | "NOT_A_URL"
  | "NOT_REPORTS"
  | "INTERNAL"
  | "NOT_READY"
  | "OVERLOADED";

/** The HTTP status that each code is answered with, the same in every program. */
export const STATUS = {
  MALFORMED: 400,
  CROSS_ORIGIN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  SLOW_BODY: 408,
  TOO_LARGE: 413,
  WRONG_TYPE: 415,
  NOT_A_URL: 422,
  NOT_REPORTS: 422,
  INTERNAL: 500,
  NOT_READY: 503,
  OVERLOADED: 503,
} as const satisfies Record<ServiceErrorCode, number>;

/** What the codes that every program answers say, each in one sentence. */
export const MESSAGE = {
  NOT_FOUND: "There is nothing at this address",
  INTERNAL: "Something went wrong on our side",
} as const;

interface ServiceErrorOptions extends ErrorOptions {
  readonly code: ServiceErrorCode;
  /** Headers of the answer beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is not the one asked for. Its message is shown to the caller. */
export class ServiceError extends Error {
  override name = "ServiceError";
  readonly code: ServiceErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, { code, headers = {}, ...options }: ServiceErrorOptions) {
    super(message, options);
    this.code = code;
    this.headers = headers;
  }
}

/** The body of an error answer, the same over HTTP, in a batch and on a line of NDJSON. */
export function errorBody(code: ServiceErrorCode, message: string) {
  return { error: { code, message } };
}
