import { parseFlags } from "../command-line/flags.ts";
import { BuildError } from "../errors.ts";
import { KUSTOMIZATION_FILE_NAMES, parseKustomization } from "../kustomization.ts";
import { EDIT_COMMANDS } from "./commands.ts";
import { completeFields } from "./complete-fields.ts";
import type { EditCommand, EditFolder } from "./edit.ts";
import { parseRoot } from "./layout.ts";

const MAY_BE_EDITED: readonly string[] = ["EMPTY_KUSTOMIZATION", "WRONG_KIND"];

/** What an edit did. */
export interface EditResult {
  readonly file: string;
  readonly text: string;
  readonly changed: boolean;
  /** What a person should know though the edit went through. */
  readonly warnings: readonly string[];
}

/** The command that words such as `set image` begin with, and the words behind its name. */
export function findEditCommand(
  words: readonly string[],
): { readonly command: EditCommand; readonly rest: readonly string[] } | undefined {
  for (const length of [1, 2]) {
    const command = EDIT_COMMANDS.get(words.slice(0, length).join(" "));
    if (command !== undefined) {
      return { command, rest: words.slice(length) };
    }
  }
  return undefined;
}

/**
 * Carries out `edit <words>` in a folder and writes the kustomization when it changed. Throws BuildError
 * (EDIT, INVALID_GENERATOR, USAGE, YAML_SYNTAX) and then writes nothing.
 */
export function runEdit(words: readonly string[], folder: EditFolder): EditResult {
  const found = findEditCommand(words);
  if (found === undefined) {
    throw new BuildError("USAGE", `There is no edit "${words.slice(0, 2).join(" ")}"`);
  }
  const warnings: string[] = [];
  const flags = parseFlags(found.rest, found.command.flags);
  const { file, text } = readKustomization(folder);
  const warn = (message: string): void => {
    warnings.push(message);
  };
  const result = guarded(file, () => {
    parseRoot(text);
    requireKnownFields(text, file);
    const edited = found.command.run({ text: completeFields(text), file, folder, flags, warn });
    if (edited === undefined) return text;
    parseRoot(edited);
    return edited;
  });
  if (result !== text) {
    folder.writeFile(file, result);
  }
  return { file, text: result, changed: result !== text, warnings };
}

function readKustomization(folder: EditFolder): { readonly file: string; readonly text: string } {
  const [file, second] = KUSTOMIZATION_FILE_NAMES.filter((name) => folder.exists(name));
  if (file === undefined) {
    throw new BuildError(
      "NO_KUSTOMIZATION",
      `There is no ${KUSTOMIZATION_FILE_NAMES.join(" or ")} here`,
    );
  }
  if (second !== undefined) {
    throw new BuildError("MANY_KUSTOMIZATIONS", `There are both ${file} and ${second}`);
  }
  const text = folder.readFile(file);
  if (text === undefined) {
    throw new BuildError("FILE_NOT_FOUND", "Cannot read it", { file });
  }
  return { file, text };
}

/** What no build would read is not edited either: an unknown field, a text for a list. It may still be empty. */
function requireKnownFields(text: string, file: string): void {
  try {
    parseKustomization(text, { file, directory: "." });
  } catch (error) {
    if (!(error instanceof BuildError && MAY_BE_EDITED.includes(error.code))) {
      throw error;
    }
  }
}

/** What the YAML layer refuses (not YAML, an alias in the way) is told with the file's name. */
function guarded(file: string, edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    throw named(file, error);
  }
}

function named(file: string, error: unknown): unknown {
  if (error instanceof SyntaxError) {
    return new BuildError("YAML_SYNTAX", `Cannot edit: ${error.message}`, { file, cause: error });
  }
  const isTooMuch = error instanceof ReferenceError || error instanceof RangeError;
  return error instanceof TypeError || isTooMuch
    ? new BuildError("EDIT", `Cannot edit: ${error.message}`, { file, cause: error })
    : error;
}
