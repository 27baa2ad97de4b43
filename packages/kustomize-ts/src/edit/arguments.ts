import { type Edit, refuse } from "./edit.ts";

/** Whether a value of the file is a map. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `KEY:VALUE` words as pairs; a lone `KEY` has an empty value, quotes around a value fall away. */
export function readPairs(edit: Edit, what: string): ReadonlyMap<string, string> {
  const words = edit.flags.positional;
  if (words.length === 0) {
    refuse(edit, `must specify ${what}`);
  }
  return new Map(
    words.map((word) => {
      const colon = word.indexOf(":");
      if (colon === 0) {
        refuse(edit, `invalid ${what}: '${word}' (need k:v pair where v may be quoted)`);
      }
      return colon === -1
        ? [word, ""]
        : [word.slice(0, colon), word.slice(colon + 1).replace(/^"(.*)"$/s, "$1")];
    }),
  );
}

/**
 * Where a new name belongs: kustomize sorts images and replicas by name. We leave the order of a file
 * that is not sorted, and put what is new last.
 */
export function sortedPlace(names: readonly unknown[], name: string): number {
  const texts = names.map(String);
  const sorted = texts.every((text, at) => at === 0 || text >= (texts[at - 1] ?? ""));
  const place = sorted ? texts.findIndex((text) => text > name) : -1;
  return place === -1 ? texts.length : place;
}

/** One word of names, parted at commas, as `edit remove` takes them; what is said of none and of more words. */
export function readNames(edit: Edit, none: string, many: string): readonly string[] {
  const [word, ...rest] = edit.flags.positional;
  if (word === undefined) return refuse(edit, none);
  return rest.length > 0 ? refuse(edit, many) : word.split(",");
}

/** Words as Go prints a list of them. */
export function formatWords(words: readonly string[]): string {
  return `[${words.join(" ")}]`;
}

/** Namespaces are the same when both are the default one, written or not. */
export function isSameNamespace(left: unknown, right: unknown): boolean {
  return (left || "default") === (right || "default");
}
