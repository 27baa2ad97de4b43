import { isAbsolute, resolve } from "node:path";
import { z } from "./zod.ts";

const ROOM = resolve(import.meta.dirname, "..");

function whole(least: number, most: number, fallback: number) {
  const range = `must be a whole number from ${least} to ${most}`;
  return z._default(
    z.pipe(
      z.string().check(z.regex(/^\d{1,9}$/, range)),
      z.pipe(
        z.transform(Number),
        z.number().check(z.minimum(least, range), z.maximum(most, range)),
      ),
    ),
    fallback,
  );
}

function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  fallback: Values[number],
) {
  return z._default(z.enum(values, `must be one of ${values.join(", ")}`), fallback);
}

function path(fallback: string) {
  const absolute = z.transform((given: string) => (isAbsolute(given) ? given : resolve(given)));
  return z._default(z.pipe(z.string(), absolute), fallback);
}

/** Every variable the program reads; the README's table is checked against these names. */
export const Environment = z.object({
  HOST: z._default(z.string(), "127.0.0.1"),
  PORT: whole(0, 65_535, 8081),
  METRICS_PORT: whole(0, 65_535, 9091),
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
  BODY_TIMEOUT_MS: whole(10, 600_000, 10_000),
  DRAIN_DELAY_MS: whole(0, 600_000, 250),
  DRAIN_TIMEOUT_MS: whole(10, 600_000, 10_000),
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

/**
 * Reads the configuration from environment variables.
 *
 * An empty variable counts as not set. Throws a `RangeError` that names every variable that is
 * wrong, what it is, and what would be right.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = Environment.safeParse(given);
  if (result.success) {
    return result.data;
  }
  const wrong = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name} is "${given[name]}" but ${issue.message}`;
  });
  throw new RangeError(`Cannot start with this configuration: ${wrong.join("; ")}`);
}
