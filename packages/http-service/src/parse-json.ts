import { ServiceError } from "./errors.ts";

/** Parses the JSON text of a body; throws a `ServiceError` `MALFORMED`. */
export function parseJson(text: string): unknown {
  if (text === "") {
    throw new ServiceError("The body is missing", { code: "MALFORMED" });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError("The body is not JSON", { code: "MALFORMED", cause: error });
  }
}
