import { z } from "zod";

// Values of Envoy's API as an EnvoyFilter writes them: the JSON form of protocol buffers.
// https://protobuf.dev/programming-guides/json/

/** A message: a field may be spelt snake_case or camelCase; a field that is not named is refused. */
export function message<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(toSnakeCase, z.strictObject(shape));
}

function toSnakeCase(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      field,
    ]),
  );
}

/** "0.25s" in milliseconds. */
export const ProtoDuration = z
  .string()
  .regex(/^\d+(\.\d{1,9})?s$/, 'Expected a duration in seconds like "0.25s"')
  .transform((text) => Number(text.slice(0, -1)) * 1000);

/** A whole number, which may be written as text. */
export const ProtoInt = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

/** A typed_config of this message; the type may be any version that ends so. */
export function typeUrl(name: string) {
  return z.literal(`type.googleapis.com/${name}`);
}

/** A oneof: exactly one of the fields. */
export function isOneOf(fields: Readonly<Record<string, unknown>>): boolean {
  return Object.values(fields).filter((one) => one !== undefined).length === 1;
}
