import { ServiceError } from "./errors.ts";

/**
 * The media type of a body, if it is one of those that are wanted; parameters such as a charset are
 * ignored. Throws a `ServiceError` `WRONG_TYPE` for any other, and for a packed body.
 */
export function requireType(request: Request, wanted: readonly string[]): string {
  const { headers } = request;
  const given = headers.get("content-type") ?? "";
  // Whole strings first: nearly every request has the bare type.
  const type = wanted.includes(given) ? given : given.split(";", 1)[0]?.trim().toLowerCase();
  const found = wanted.find((name) => name === type);
  if (found === undefined) {
    throw wrongType(`The content-type must be ${wanted.join(" or ")}`);
  }
  const coding = headers.get("content-encoding");
  if (coding !== null && coding.toLowerCase() !== "identity") {
    throw wrongType("The body must be sent without content-encoding");
  }
  return found;
}

function wrongType(message: string): ServiceError {
  return new ServiceError(message, { code: "WRONG_TYPE" });
}
