import type { FlagSpecs, Flags } from "../command-line/flags.ts";
import { BuildError } from "../errors.ts";

/** The folder of the kustomization that is edited; paths are relative to it. */
export interface EditFolder {
  readonly exists: (path: string) => boolean;
  /** The paths that match a pattern, in order; hidden ones only when the pattern asks for them. */
  readonly glob: (pattern: string) => readonly string[];
  readonly readFile: (path: string) => string | undefined;
  readonly writeFile: (path: string, text: string) => void;
}

/** One edit under way: the text so far, and what the command line asks for. */
export interface Edit {
  readonly text: string;
  /** The name of the kustomization file in its folder. */
  readonly file: string;
  readonly folder: EditFolder;
  readonly flags: Flags;
  readonly warn: (message: string) => void;
}

/** A command such as `edit set image`: gives the new text of the kustomization. */
export interface EditCommand {
  readonly usage: string;
  readonly about: string;
  readonly flags: FlagSpecs;
  /** The new text; `undefined` where there is nothing to do and the file stays as it is. */
  readonly run: (edit: Edit) => string | undefined;
}

/** Ends an edit that cannot be done; nothing is written then. */
export function refuse(edit: Pick<Edit, "file">, message: string): never {
  throw new BuildError("EDIT", message, { file: edit.file });
}
