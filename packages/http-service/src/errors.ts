/**
 * What can keep any program from answering what was asked; the code is for programs, the message for people. A
 * program has codes of its own beside these, each with its status.
 */
export type ServiceErrorCode =
  | "MALFORMED"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "SLOW_BODY"
  | "TOO_LARGE"
  | "WRONG_TYPE"
  | "NOT_A_URL"
  | "INTERNAL"
  | "NOT_READY";

/** The HTTP status that each code is answered with, the same in every program. */
export const STATUS = {
  MALFORMED: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  SLOW_BODY: 408,
  TOO_LARGE: 413,
  WRONG_TYPE: 415,
  NOT_A_URL: 422,
  INTERNAL: 500,
  NOT_READY: 503,
} as const satisfies Record<ServiceErrorCode, number>;

/** The statuses of errors. */
export type ErrorStatus = (typeof STATUS)[ServiceErrorCode] | 403;

/** What the codes that every program answers say, each in one sentence. */
export const MESSAGE = {
  NOT_FOUND: "There is nothing at this address",
  INTERNAL: "Something went wrong on our side",
} as const;

/** A code that only one program answers, and its status. */
export interface OwnError {
  readonly code: string;
  readonly status: ErrorStatus;
}

type ServiceErrorOptions = ErrorOptions & {
  /** Headers of the answer beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
} & (OwnError | { readonly code: ServiceErrorCode; readonly status?: undefined });

/** An answer that is not the one asked for. Its message is shown to the caller. */
export class ServiceError extends Error {
  override name = "ServiceError";
  readonly code: string;
  readonly status: ErrorStatus;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, options: ServiceErrorOptions) {
    super(message, options);
    this.code = options.code;
    this.status = options.status ?? STATUS[options.code];
    this.headers = options.headers ?? {};
  }
}

/** The body of an error answer, the same over HTTP, in a batch and on a line of NDJSON. */
export function errorBody(code: string, message: string) {
  return { error: { code, message } };
}
