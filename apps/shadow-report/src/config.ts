import * as z from "zod";

function whole(least: number, most: number, fallback: number) {
  const range = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .refine((value) => value >= least && value <= most, range)
    .default(fallback);
}

/** A share between two others, such as `0.01`. */
function share(least: number, most: number, fallback: number) {
  const range = `must be a number above ${least} and below ${most}, such as ${fallback}`;
  return z
    .string()
    .regex(/^\d?\.?\d{1,9}$/, range)
    .transform(Number)
    .refine((value) => value > least && value < most, range)
    .default(fallback);
}

/** Every variable the program reads; the README's table is checked against these names. */
export const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: whole(0, 65_535, 8082),
  METRICS_PORT: whole(0, 65_535, 9092),
  PAIR_WAIT_MS: whole(100, 600_000, 10_000),
  MOST_PENDING: whole(16, 1_000_000, 20_000),
  NEW_WARNINGS_TOLERATED: share(0, 1, 0.01),
  NEW_WARNINGS_INTOLERABLE: share(0, 1, 0.02),
  LOST_WARNINGS_TOLERATED: share(0, 1, 0.01),
  LOST_WARNINGS_INTOLERABLE: share(0, 1, 0.02),
  FALSE_REJECT: share(0, 0.5, 0.05),
  FALSE_PROMOTE: share(0, 0.5, 0.05),
  UNPAIRED_TOLERATED: share(0, 1, 0.05),
  WATCH_MINUTES: whole(0, 1_000_000, 60),
  BODY_TIMEOUT_MS: whole(10, 600_000, 10_000),
  DRAIN_DELAY_MS: whole(0, 600_000, 250),
  DRAIN_TIMEOUT_MS: whole(10, 600_000, 5000),
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
  const wrong = result.success
    ? findSwapped(result.data)
    : result.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return `${name} is "${given[name]}" but ${issue.message}`;
      });
  if (!result.success || wrong.length > 0) {
    throw new RangeError(`Cannot start with this configuration: ${wrong.join("; ")}`);
  }
  return result.data;
}

/** What is tolerated must be less than what is not, or no test could tell them apart. */
function findSwapped(config: Config): string[] {
  return (["NEW_WARNINGS", "LOST_WARNINGS"] as const)
    .filter((name) => config[`${name}_TOLERATED`] >= config[`${name}_INTOLERABLE`])
    .map((name) => {
      const low = config[`${name}_TOLERATED`];
      return `${name}_TOLERATED is "${low}" but must be below ${name}_INTOLERABLE, which is ${config[`${name}_INTOLERABLE`]}`;
    });
}
