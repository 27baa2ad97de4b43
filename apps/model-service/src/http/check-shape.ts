import { ServiceError } from "@hookline/http-service";
import type * as z from "zod/mini";

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
