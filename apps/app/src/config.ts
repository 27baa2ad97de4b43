import { z } from "zod";

/** Which of the two experiment variants this process shows; both run the same code. */
export const VARIANTS = ["v1", "v2"] as const;
export type Variant = (typeof VARIANTS)[number];

export interface Config {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly metricsPort: number;
  /** Origin of model-service, without a trailing slash. */
  readonly modelUrl: string;
  /** Time for a whole call of the model, answer read included. */
  readonly modelTimeoutMs: number;
  readonly variant: Variant;
  /** Time between SIGTERM and the closing of the port, for gateways to look elsewhere. */
  readonly drainDelayMs: number;
}

/** The environment does not describe a service that can start. The message lists every mistake. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const PORT_RANGE = "a whole number from 0 (a free port) to 65535";
// The page promises an answer within a second whatever the model does: a longer limit would break it.
const TIMEOUT_RANGE = "a whole number of milliseconds from 50 to 950";
const DELAY_RANGE = "a whole number of milliseconds from 0 to 600000";
const MODEL_ORIGIN =
  'an origin such as "http://127.0.0.1:8081", without path, query or credentials';

function wholeNumber(low: number, high: number, expected: string) {
  return z
    .string()
    .regex(/^\d{1,6}$/, expected)
    .transform(Number)
    .refine((value) => value >= low && value <= high, expected);
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.origin === text.replace(/\/$/, "").toLowerCase()
  );
}

/** Every variable that is read, with its default; the table in the README is checked against it. */
export const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535, PORT_RANGE).default(8080),
  METRICS_PORT: wholeNumber(0, 65_535, PORT_RANGE).default(9090),
  MODEL_URL: z
    .string()
    .refine(isOrigin, MODEL_ORIGIN)
    .transform((text) => new URL(text).origin)
    .default("http://127.0.0.1:8081"),
  MODEL_TIMEOUT_MS: wholeNumber(50, 950, TIMEOUT_RANGE).default(900),
  DRAIN_DELAY_MS: wholeNumber(0, 600_000, DELAY_RANGE).default(250),
  VARIANT: z.enum(VARIANTS, VARIANTS.map((variant) => `"${variant}"`).join(" or ")).default("v1"),
});

/**
 * Settings from the environment; what is absent or empty has the default of the README.
 *
 * Throws a ConfigError that names every variable which is wrong, its value, and what would be right.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name} is ${JSON.stringify(environment[name])}, must be ${message}`;
    });
    throw new ConfigError(`Cannot start: ${[...new Set(mistakes)].join("; ")}`);
  }
  const { data } = parsed;
  if (data.PORT !== 0 && data.PORT === data.METRICS_PORT) {
    throw new ConfigError(
      `Cannot start: PORT and METRICS_PORT are both ${data.PORT}, must be two ports`,
    );
  }
  return {
    host: data.HOST,
    port: data.PORT,
    metricsPort: data.METRICS_PORT,
    modelUrl: data.MODEL_URL,
    modelTimeoutMs: data.MODEL_TIMEOUT_MS,
    drainDelayMs: data.DRAIN_DELAY_MS,
    variant: data.VARIANT,
  };
}
