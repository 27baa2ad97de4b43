import type * as z from "zod/mini";
import { ServiceError } from "../errors.ts";

/** Refuses a body that is packed or not of one of the media types; parameters such as a charset are ignored. */
export function requireType(request: Request, wanted: readonly string[]): string {
  const given = request.headers.get("content-type") ?? "";
  // Whole strings first: nearly every request has the bare type.
  const type = wanted.includes(given) ? given : given.split(";", 1)[0]?.trim().toLowerCase();
  const found = wanted.find((name) => name === type);
  if (found === undefined) {
    throw new ServiceError(`The content-type must be ${wanted.join(" or ")}`, {
      code: "WRONG_TYPE",
    });
  }
  const coding = request.headers.get("content-encoding");
  if (coding !== null && coding.toLowerCase() !== "identity") {
    throw new ServiceError("The body must be sent without content-encoding", {
      code: "WRONG_TYPE",
    });
  }
  return found;
}

/** Parses a JSON body by a schema; throws a `ServiceError` that says what is wrong and where. */
export function parseBody<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
): z.output<Schema> {
  return checkShape(schema, parseJson(text));
}

/** Parses JSON text; throws `MALFORMED`. */
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

/** Checks parsed JSON by a schema; a text that is too short or too long is `NOT_A_URL`, all else `MALFORMED`. */
export function checkShape<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const place = issue?.path.length ? issue.path.join(".") : "body";
  const message = `The ${place} is wrong: ${issue?.message ?? "unknown"}`;
  const isText = issue?.code === "too_small" || issue?.code === "too_big";
  const isUrl = isText && issue.origin === "string";
  throw new ServiceError(message, { code: isUrl ? "NOT_A_URL" : "MALFORMED" });
}
