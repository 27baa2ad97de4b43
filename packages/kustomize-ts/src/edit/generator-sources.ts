import { withContext } from "../errors.ts";
import { readKeyValues } from "../generate/key-values.ts";
import { formatWords } from "./arguments.ts";
import { type Edit, refuse } from "./edit.ts";

/** The words of --from-file with their patterns resolved: `file`, or `key=file` where one file matches. */
export function readFileSources(edit: Edit): readonly string[] {
  return edit.flags.list("from-file").flatMap((word) => {
    const parts = word.split("=");
    // Of a word with more than one "=" the real one looks for what stands before the first.
    const [key, pattern] = parts.length === 2 ? parts : ["", parts[0]];
    const matches = pattern === "" ? [] : edit.folder.glob(pattern ?? "");
    if (matches.length === 0) edit.warn(`${pattern} has no match`);
    if (key === "") return matches;
    const [only, ...others] = matches;
    if (only !== undefined && others.length === 0) return [`${key}=${only}`];
    const message = `'pattern '${word}' catches files ${formatWords(matches)}, should catch only one`;
    return refuse(edit, `failed to expand file source: ${message}`);
  });
}

/** Refuses an entry that could not be generated: a file that is not there, a key twice. */
export function checkSources(
  edit: Edit,
  { what, name }: Record<"name" | "what", string>,
  entry: Readonly<Record<string, unknown>>,
): void {
  const sources = {
    envs: strings(entry["envs"]),
    literals: strings(entry["literals"]),
    files: strings(entry["files"]),
  };
  const load = (path: string): Uint8Array => {
    const content = edit.folder.readFile(path);
    return new TextEncoder().encode(content ?? refuse(edit, "there is no such file"));
  };
  withContext(
    `failed to create ${what}`,
    () => {
      if (name === "") refuse(edit, "a configmap must have a name");
      readKeyValues(sources, name, load);
    },
    edit.file,
  );
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
