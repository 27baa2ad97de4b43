// The list of public sources: sources.json, or a file of the same form given with --sources.

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { failure, type TrainingError } from "./errors.ts";

const MIB = 2 ** 20;

/** Where in a file the addresses stand. Columns are names, or numbers from 0 where there is no header. */
const Extract = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("list"), after: z.string().min(1).optional() }),
  z.strictObject({ kind: z.literal("links") }),
  z.strictObject({
    kind: z.literal("csv"),
    column: z.union([z.string().min(1), z.int().min(0)]),
    where: z.strictObject({ column: z.int().min(0), includes: z.string().min(1) }).optional(),
    labels: z
      .strictObject({ column: z.string(), phishing: z.string(), legitimate: z.string() })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal("json"),
    keys: z.array(z.string()).optional(),
    bare: z.boolean().optional(),
    fill: z.string().min(1).optional(),
  }),
]);

const Source = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9_]{1,40}$/, "must be 1 to 40 of a-z, 0-9 and _"),
    label: z.enum(["phishing", "legitimate", "both"]),
    role: z.enum(["train", "holdout", "top-sites"]),
    address: z.url().refine(isAllowedAddress, "must be https (http only on this machine)"),
    /** What is taken out of a .tar.gz, as a glob inside its one top folder; absent: a plain file. */
    files: z.string().min(1).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
      .optional(),
    commit: z.string().regex(/^[0-9a-f]{40}$/, "must be a full commit, 40 hexadecimal digits"),
    date: z.iso.date(),
    extract: Extract,
    licence: z.string().min(1),
    commercialUse: z.enum(["yes", "no", "not stated"]),
    cutToSite: z.boolean().default(false),
    /** The most rows of one label that are used; which ones is decided by hash. */
    quota: z.int().min(1).optional(),
    maxMiB: z.number().positive().default(512),
    maxUnpackedMiB: z.number().positive().default(2048),
    notes: z.string().optional(),
  })
  .refine(
    (s) => (s.label === "both") === (s.extract.kind === "csv" && s.extract.labels !== undefined),
    { error: 'label "both" needs extract.labels, and no other label may have it', path: ["label"] },
  );

const Sources = z
  .array(Source)
  .min(1)
  .refine((all) => new Set(all.map((s) => s.name)).size === all.length, "two have the same name");

/** How the addresses are found in a file of a source. */
export type Extract = z.infer<typeof Extract>;

/** One public list of URLs: where it is, what its rows are, under which licence. */
export type Source = z.infer<typeof Source>;

/** The sources of a file. Throws a TrainingError BAD_OPTION that names file, field and what is wished. */
export async function readSources(path: string): Promise<readonly Source[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw badSources(path, "no such file, or not readable", cause);
  });
  return parseSources(text, path);
}

/** Parses the text of a source list; path is only for messages. */
export function parseSources(text: string, path: string): readonly Source[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badSources(path, "not JSON", cause);
  }
  const parsed = Sources.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badSources(path, `${issue?.path.join(".") || "list"}: ${issue?.message}`, parsed.error);
}

/** Only names that are in the list, in the list's order. An unknown name is a TrainingError. */
export function chooseSources(
  all: readonly Source[],
  only: readonly string[] | undefined,
): readonly Source[] {
  if (only === undefined) return all;
  const unknown = only.filter((name) => !all.some((source) => source.name === name));
  if (unknown.length > 0) {
    const known = all.map((source) => source.name).join(", ");
    throw failure("BAD_OPTION", `Cannot find source "${unknown.join('", "')}"; known: ${known}`);
  }
  return all.filter((source) => only.includes(source.name));
}

/** Bytes that a source's download, and what is unpacked from it, may have at most. */
export function limitsOf(source: Source): {
  readonly maxBytes: number;
  readonly maxUnpackedBytes: number;
} {
  return { maxBytes: source.maxMiB * MIB, maxUnpackedBytes: source.maxUnpackedMiB * MIB };
}

/** https anywhere; plain http only to this machine itself, where no one can stand in between. */
export function isAllowedAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol === "https:") return true;
  return url?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
}

function badSources(path: string, what: string, cause: unknown): TrainingError {
  return failure("BAD_OPTION", `Cannot use the source list "${path}": ${what}`, cause);
}
