import { listenVariables, readEnvironment, whole } from "@hookline/http-service/config";
import * as z from "zod";

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
  ...listenVariables({ PORT: 8082, METRICS_PORT: 9092, DRAIN_TIMEOUT_MS: 5000 }),
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
  // Bun ends a silent connection after 255 s at the latest, without an answer.
  BODY_TIMEOUT_MS: whole(10, 240_000, 10_000),
});

/** What the program runs with, each value checked and with its default filled in. */
export type Config = Readonly<z.output<typeof Environment>>;

/** Reads the configuration from environment variables; throws a `RangeError` that names what is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(environment, { schema: Environment, findMistakes: findSwapped });
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
