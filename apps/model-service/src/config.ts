import { isAbsolute, resolve } from "node:path";
import * as z from "zod";

const ROOM = resolve(import.meta.dirname, "..");

function whole(least: number, most: number, fallback: number) {
  const range = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .refine((value) => value >= least && value <= most, range)
    .default(fallback);
}

function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `must be one of ${values.join(", ")}`);
}

const Path = z.string().transform((path) => (isAbsolute(path) ? path : resolve(path)));

/** Every variable the program reads; the README's table is checked against these names. */
export const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: whole(0, 65_535, 8081),
  METRICS_PORT: whole(0, 65_535, 9091),
  MODEL_DIR: Path.default(resolve(ROOM, "models/v1")),
  MODEL_POLL_MS: whole(20, 3_600_000, 2000),
  BRAND_RULES: choice(["on", "off"]).default("on"),
  BRANDS_FILE: Path.default(resolve(ROOM, "models/brands.json")),
  VERSION_LABEL: z
    .string()
    .regex(/^[\w.-]{1,32}$/, "must be 1 to 32 letters, digits, dots, dashes or underscores")
    .optional(),
  QUEUE_LIMIT: whole(1, 1_000_000, 4096),
  COALESCE: choice(["on", "off"]).default("on"),
  BODY_TIMEOUT_MS: whole(10, 600_000, 10_000),
  DRAIN_DELAY_MS: whole(0, 600_000, 250),
  DRAIN_TIMEOUT_MS: whole(10, 600_000, 10_000),
  SHADOW_REPORT_URL: z
    .url({
      protocol: /^https?$/,
      error: "must be the address of shadow-report, such as http://shadow-report",
    })
    .optional(),
  SHADOW_REPORT_QUERIES: choice(["redact", "keep"]).default("redact"),
  LOG_LEVEL: choice(["debug", "info", "warn", "error"]).default("info"),
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
