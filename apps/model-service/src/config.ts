import { isAbsolute, resolve } from "node:path";
import { choice, listenVariables, readEnvironment, whole } from "@hookline/http-service/config";
import { z } from "./zod.ts";

const ROOM = resolve(import.meta.dirname, "..");

function path(fallback: string) {
  const absolute = z.transform((given: string) => (isAbsolute(given) ? given : resolve(given)));
  return z._default(z.pipe(z.string(), absolute), fallback);
}

/** Every variable the program reads; the README's table is checked against these names. */
export const Environment = z.object({
  ...listenVariables({ PORT: 8081, METRICS_PORT: 9091, DRAIN_TIMEOUT_MS: 10_000 }),
  MODEL_DIR: path(resolve(ROOM, "models/v1")),
  MODEL_POLL_MS: whole(20, 3_600_000, 2000),
  BRAND_RULES: choice(["on", "off"], "on"),
  BRANDS_FILE: path(resolve(ROOM, "models/brands.json")),
  VERSION_LABEL: z.optional(
    z
      .string()
      .check(
        z.regex(/^[\w.-]{1,32}$/, "must be 1 to 32 letters, digits, dots, dashes or underscores"),
      ),
  ),
  QUEUE_LIMIT: whole(1, 1_000_000, 4096),
  COALESCE: choice(["on", "off"], "on"),
  // Bun ends a silent connection after 255 s at the latest, without an answer.
  BODY_TIMEOUT_MS: whole(10, 240_000, 10_000),
  SHADOW_REPORT_URL: z.optional(
    z.url({
      protocol: /^https?$/,
      error: "must be the address of shadow-report, such as http://shadow-report",
    }),
  ),
  SHADOW_REPORT_QUERIES: choice(["redact", "keep"], "redact"),
  LOG_LEVEL: choice(["debug", "info", "warn", "error"], "info"),
});

/** What the program runs with, each value checked and with its default filled in. */
export type Config = Readonly<z.output<typeof Environment>>;

/** Reads the configuration from environment variables; throws a `RangeError` that names what is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(environment, { schema: Environment });
}
