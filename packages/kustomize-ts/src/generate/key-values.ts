import { posix } from "node:path";
import { BuildError, withContext } from "../errors.ts";

/** Where the data of a generated resource comes from. */
export interface KeyValueSources {
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envs: readonly string[];
}

/** Bytes, because a file need not be text. */
export type KeyValues = ReadonlyMap<string, Uint8Array>;

export type LoadFile = (path: string) => Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the data of a generated resource; the same key twice is an error. */
export function readKeyValues(sources: KeyValueSources, name: string, load: LoadFile): KeyValues {
  const pairs = withContext("loading KV pairs", () => [
    ...withContext(`env source files: [${sources.envs.join(" ")}]`, () =>
      sources.envs.flatMap((path) => readEnvFile(load(path), path)),
    ),
    ...withContext(`literal sources [${sources.literals.join(" ")}]`, () =>
      sources.literals.map(parseLiteral),
    ),
    ...withContext(`file sources: [${sources.files.join(" ")}]`, () =>
      sources.files.map((source) => readFileSource(source, load)),
    ),
  ]);
  const values = new Map<string, Uint8Array>();
  for (const [key, value] of pairs) {
    if (values.has(key)) {
      const message = `configmap ${name} illegally repeats the key \`${key}\``;
      throw new BuildError("INVALID_GENERATOR", message);
    }
    values.set(key, value);
  }
  return values;
}

type Pair = readonly [key: string, value: Uint8Array];

/** `key=value`; quotes around the value go, but only the same on both sides. */
function parseLiteral(source: string): Pair {
  const at = source.indexOf("=");
  if (at <= 0) {
    const message = `invalid literal source ${source}, expected key=value`;
    throw new BuildError("INVALID_GENERATOR", message);
  }
  const value = source.slice(at + 1);
  const quote = value.length > 1 && /^["']/.test(value) && value.at(0) === value.at(-1);
  return [source.slice(0, at), encoder.encode(quote ? value.slice(1, -1) : value)];
}

/** `path`, or `key=path`. */
function readFileSource(source: string, load: LoadFile): Pair {
  const parts = source.split("=");
  const [key = "", path = ""] = parts;
  if (parts.length === 1) return [posix.basename(source), load(source)];
  if (parts.length > 2)
    throw invalidSource(`source "${source}" key name or file path contains '='`);
  if (key === "")
    throw invalidSource(`missing key name for file path "${path}" in source "${source}"`);
  if (path === "")
    throw invalidSource(`missing file path for key name "${key}" in source "${source}"`);
  return [key, load(path)];
}

function invalidSource(message: string): BuildError {
  return new BuildError("INVALID_GENERATOR", message);
}

function invalidText(file: string, cause: unknown): BuildError {
  return new BuildError("NOT_UTF8", "line has invalid utf8 bytes", { file, cause });
}

/** Lines of `KEY=value`; empty lines and comments count for nothing, a key alone is empty. */
function readEnvFile(content: Uint8Array, file: string): Pair[] {
  let text: string;
  try {
    text = decoder.decode(content);
  } catch (cause) {
    throw invalidText(file, cause);
  }
  const lines = text.replace(/^\ufeff/, "").split("\n");
  return lines
    .map((line) => line.replace(/\r$/, "").replace(/^[\s\x85\xa0]+/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): Pair => {
      const at = line.indexOf("=");
      if (at < 0) return [line, new Uint8Array()];
      return [line.slice(0, at), encoder.encode(line.slice(at + 1))];
    })
    .filter(([key]) => key !== "");
}
