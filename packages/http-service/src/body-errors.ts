import { ServiceError } from "./errors.ts";

/** What is left of a body that is refused is not read, so that the connection cannot be used again. */
const headers = { connection: "close" };

/** The error of a body that is larger than is taken. */
export function tooLarge(mostBytes: number): ServiceError {
  return new ServiceError(`The body is larger than ${mostBytes} bytes`, {
    code: "TOO_LARGE",
    headers,
  });
}

/** The error of a body that does not end in time. */
export function tooSlow(timeoutMs: number): ServiceError {
  return new ServiceError(`The body did not come within ${timeoutMs} ms`, {
    code: "SLOW_BODY",
    headers,
  });
}
