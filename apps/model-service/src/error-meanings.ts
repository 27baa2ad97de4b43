import { type OwnError, type ServiceErrorCode, STATUS } from "@hookline/http-service";

/** The error of what would have to wait too long. */
export const OVERLOADED = { code: "OVERLOADED", status: 503 } as const satisfies OwnError;

/** The HTTP status that each code is answered with. */
export const STATUSES = { ...STATUS, OVERLOADED: OVERLOADED.status } as const;

/** What each error means; statuses of one number share a line of the document. */
export const MEANING = {
  MALFORMED: "the request is not of the form that is asked for",
  NOT_FOUND: "there is nothing at this path",
  METHOD_NOT_ALLOWED: "the path is there, but not for this method; see allow",
  SLOW_BODY: "the body did not come in time",
  TOO_LARGE: "the body is too large",
  WRONG_TYPE: "the content-type is not one that is taken, or the body is packed",
  NOT_A_URL:
    "the url is empty, blank, too long, a mail address, the name of a file, or no web address",
  INTERNAL: "our fault",
  NOT_READY: "no model is loaded, or the process is stopping; see retry-after",
  OVERLOADED: "too much waits for the model, or is being sent; see retry-after",
} as const satisfies Partial<Record<ServiceErrorCode | "OVERLOADED", string>>;

/** The codes of the errors that this program answers. */
export type RouteErrorCode = keyof typeof MEANING;
