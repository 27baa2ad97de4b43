import { choice, listenVariables, readEnvironment, whole } from "@hookline/http-service/config";
import { z } from "zod";

/** Which of the two experiment variants this process shows; both run the same code. */
export const VARIANTS = ["v1", "v2"] as const;
export type Variant = (typeof VARIANTS)[number];

const MODEL_ORIGIN =
  'must be an origin such as "http://127.0.0.1:8081", without path, query or credentials';

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.origin === text.replace(/\/$/, "").toLowerCase()
  );
}

/** Every variable the program reads; the README's table is checked against it. */
export const Environment = z.object({
  ...listenVariables({ PORT: 8080, METRICS_PORT: 9090, DRAIN_TIMEOUT_MS: 5000 }),
  MODEL_URL: z
    .string()
    .refine(isOrigin, MODEL_ORIGIN)
    .transform((text) => new URL(text).origin)
    .default("http://127.0.0.1:8081"),
  // The page promises an answer within a second whatever the model does: a longer limit would break it.
  MODEL_TIMEOUT_MS: whole(50, 950, 900),
  VARIANT: choice(VARIANTS, "v1"),
});

/** What the program runs with, each value checked and with its default filled in. */
export type Config = Readonly<z.output<typeof Environment>>;

/** Reads the configuration from environment variables; throws a `RangeError` that names what is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(environment, { schema: Environment });
}
