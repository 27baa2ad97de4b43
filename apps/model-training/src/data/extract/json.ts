import { failure } from "../errors.ts";

import { hash, SALT } from "../hash.ts";

/** Which strings of a JSON document are addresses. */
export interface JsonOptions {
  /** Only strings under these keys (at any depth, also in a list there); absent: under every key. */
  readonly keys?: readonly string[] | undefined;
  /** Also strings without http:// or https://. */
  readonly bare?: boolean | undefined;
  /** A mark that stands for a word a person would search; an invented one takes its place. */
  readonly fill?: string | undefined;
}

/** The addresses of a JSON document, in its order. Throws a TrainingError for what is not JSON. */
export function findInJson(text: string, options: JsonOptions): readonly string[] {
  const found: string[] = [];
  // An own stack, since a hostile file may be nested deeper than the call stack.
  const stack: { value: unknown; wanted: boolean }[] = [
    { value: parse(text), wanted: options.keys === undefined },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, wanted } = top;
    if (typeof value === "string") {
      if (wanted && (options.bare || /^https?:\/\//i.test(value))) found.push(fill(value, options));
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i -= 1) stack.push({ value: value[i], wanted });
    } else if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value).reverse()) {
        stack.push({ value: inner, wanted: options.keys?.includes(key) ?? true });
      }
    }
  }
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failure("DATA_UNREADABLE", "Cannot read JSON: not well formed", cause);
  }
}

const WORDS = "weather recipe train news map piano python garden hotel book film history".split(
  " ",
);

function fill(address: string, { fill: mark }: JsonOptions): string {
  if (mark === undefined) return address;
  const word = WORDS[hash(address, SALT.fill) % WORDS.length] ?? "word";
  return address.replaceAll(mark, word);
}
