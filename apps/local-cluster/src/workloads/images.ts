import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { UpError } from "../errors.ts";

/** The programs whose images are named after them, with the variables that hold their ports. */
const PROGRAMS = ["app", "model-service", "shadow-report"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** Somebody else's programs that are known here, by the last part of their image's name. */
const THIRD_PARTY = ["mailpit", "ratelimit", "redis"] as const;
export type ThirdPartyName = (typeof THIRD_PARTY)[number];

/** What an image holds. */
export type ImageContent =
  | { readonly kind: "program"; readonly program: ProgramName }
  | { readonly kind: "third-party"; readonly name: ThirdPartyName }
  | { readonly kind: "unknown" };

/** Splits `registry/owner/name:tag@digest`. */
export function parseImage(reference: string): { readonly name: string; readonly tag: string } {
  const [path = ""] = reference.split("@");
  const [name = "", tag = "latest"] = (path.split("/").at(-1) ?? "").split(":");
  return { name, tag };
}

/** What is in an image, by the last part of its name: a fork keeps its images under its own owner. */
export function classifyImage(reference: string): ImageContent {
  const { name } = parseImage(reference);
  const program = PROGRAMS.find((known) => known === name);
  if (program) return { kind: "program", program };
  const thirdParty = THIRD_PARTY.find((known) => known === name);
  return thirdParty ? { kind: "third-party", name: thirdParty } : { kind: "unknown" };
}

const Card = z.object({ version: z.string() });

/**
 * The folders of the models by their version, from each card; given a model image it finds the
 * folder of its tag. Throws UNKNOWN_IMAGE naming the versions that exist.
 */
export function createModelFinder(modelsDir: string): (reference: string) => string {
  let folders: ReadonlyMap<string, string> | undefined;
  return (reference) => {
    folders ??= listModels(modelsDir);
    const { name, tag } = parseImage(reference);
    const folder = folders.get(tag);
    if (name === "model" && folder !== undefined) return folder;
    const known = [...folders.keys()].sort().join(", ");
    const message = `Cannot find the model image "${reference}": model:<version> exists for ${known}`;
    throw new UpError(message, { code: "UNKNOWN_IMAGE" });
  };
}

function listModels(modelsDir: string): ReadonlyMap<string, string> {
  const found = listFolder(modelsDir).flatMap((entry) => {
    if (!entry.isDirectory()) return [];
    const folder = join(modelsDir, entry.name);
    try {
      const card = Card.parse(JSON.parse(readFileSync(join(folder, "card.json"), "utf8")));
      return [[card.version, folder] as const];
    } catch {
      // A folder without a readable card is no model; one that an image asks for is then missed by name.
      return [];
    }
  });
  return new Map(found);
}

function listFolder(modelsDir: string) {
  try {
    return readdirSync(modelsDir, { withFileTypes: true });
  } catch (error) {
    const message = `Cannot find models: there is no folder "${modelsDir}" that can be read; bun run train makes them`;
    throw new UpError(message, { code: "UNKNOWN_IMAGE", cause: error });
  }
}
