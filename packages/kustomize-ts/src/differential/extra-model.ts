import type { Fields } from "./patches.ts";

/** Fields that are seldom written, and files that they name. */
export interface Extras {
  readonly fields: Fields;
  readonly files: readonly (readonly [string, string])[];
}

export type ExtrasModel = (resources: readonly Fields[]) => Extras;

/** The configuration of a built-in plugin. */
export function plugin(kind: string, fields: Fields): Fields {
  return { apiVersion: "builtin", kind, metadata: { name: kind.toLowerCase() }, ...fields };
}
