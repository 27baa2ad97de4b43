import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { JsonObject } from "./types.ts";

// For the command line and for tests: the library itself takes resources that are parsed.

const Document = z.record(z.string(), z.json());

/** The resources in a text of YAML documents, a List opened. Throws a YAMLError or a ZodError. */
export function readManifests(text: string): JsonObject[] {
  return parseAllDocuments(text)
    .map((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      return document.toJS();
    })
    .filter((value) => value !== null && value !== undefined)
    .map((value) => Document.parse(value))
    .flatMap((value) =>
      value["kind"] === "List" && Array.isArray(value["items"])
        ? value["items"].map((item) => Document.parse(item))
        : [value],
    );
}
