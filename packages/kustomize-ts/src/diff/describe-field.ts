import type { FieldChange } from "./field-changes.ts";

/** Characters of a value that are shown: a dashboard is one text of many thousand. */
const MOST_CHARACTERS = 80;

/** One line that says what a field was and is: `spec.replicas: 1 → 3`. Long values are cut. */
export function describeField({ path, before, after }: FieldChange): string {
  return `${path}: ${cut(write(before))} → ${cut(write(after))}`;
}

/** Whether such a line shows all of both values, as people read them. */
export function isShort({ before, after }: FieldChange): boolean {
  return [before, after].every((value) => {
    const isText = typeof value === "string" && value.includes("\n");
    return !isText && write(value).length <= MOST_CHARACTERS;
  });
}

function write(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
