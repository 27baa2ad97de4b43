// What programs read from their environment, in zod's small form: schemas of the large one may hold its pieces.
import * as z from "zod/mini";
import type { ListenConfig } from "./run-service.ts";

/** A whole number within a range. */
export function whole(least: number, most: number, fallback: number) {
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

/** One of a few words. */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  fallback: Values[number],
) {
  return z._default(z.enum(values, `must be one of ${values.join(", ")}`), fallback);
}

/** The variables of `runService()`, which every program has; with the defaults in which they differ. */
export function listenVariables({
  PORT,
  METRICS_PORT,
  DRAIN_TIMEOUT_MS,
}: Pick<ListenConfig, "PORT" | "METRICS_PORT" | "DRAIN_TIMEOUT_MS">) {
  return {
    HOST: z._default(z.string(), "127.0.0.1"),
    PORT: whole(0, 65_535, PORT),
    METRICS_PORT: whole(0, 65_535, METRICS_PORT),
    DRAIN_DELAY_MS: whole(0, 600_000, 250),
    DRAIN_TIMEOUT_MS: whole(10, 600_000, DRAIN_TIMEOUT_MS),
  };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

interface ReadEnvironmentOptions<Config> {
  /** A zod schema of either form, with a member for each variable. */
  readonly schema: {
    safeParse(
      given: object,
    ):
      | { readonly success: true; readonly data: Config }
      | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
  };
  /** What is wrong though each variable by itself is right. */
  readonly findMistakes?: (config: Config) => readonly string[];
}

/**
 * Reads the configuration from environment variables.
 *
 * An empty variable counts as not set. Throws a `RangeError` that names every variable that is
 * wrong, what it is, and what would be right; two listeners on one port are wrong too.
 */
export function readEnvironment<Config extends ListenConfig>(
  environment: Readonly<Record<string, string | undefined>>,
  { schema, findMistakes = () => [] }: ReadEnvironmentOptions<Config>,
): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  const wrong = result.success
    ? [...findSharedPort(result.data), ...findMistakes(result.data)]
    : result.error.issues.map(({ path, message }) => {
        const name = String(path[0]);
        return `${name} is "${given[name]}" but ${message}`;
      });
  if (!result.success || wrong.length > 0) {
    throw new RangeError(`Cannot start with this configuration: ${wrong.join("; ")}`);
  }
  return result.data;
}

function findSharedPort({ PORT, METRICS_PORT }: ListenConfig): string[] {
  return PORT === METRICS_PORT && PORT !== 0
    ? [`METRICS_PORT is "${METRICS_PORT}" but must be another than PORT`]
    : [];
}
