import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DeliveryError } from "../errors.ts";

const VERSION_LINE = /^( {2}"version": ")[^"]*(",?)$/m;

/** Writes a version into a package.json and leaves all else as it is; gives whether that changed it. */
export function setVersion(file: string, version: string): boolean {
  const text = readFileSync(file, "utf8");
  if (!VERSION_LINE.test(text)) {
    throw new DeliveryError(`Cannot set the version: ${file} has no line for it`, {
      code: "BAD_FILE",
    });
  }
  return writeChanged(file, text, text.replace(VERSION_LINE, `$1${version}$2`));
}

/**
 * Writes the version of our programs into a compose file, which builds them from the sources beside it: it has the
 * version of the sources, not that of a cluster. No digest: Docker refuses to build an image under one. Gives whether
 * that changed it.
 */
export function setComposeVersions(
  file: string,
  { programs, version }: { readonly programs: readonly string[]; readonly version: string },
): boolean {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, "utf8");
  const written = text.replaceAll(
    /^(\s+image: ghcr\.io\/[\w-]+\/([\w-]+):)\S+/gm,
    (line, start: string, name: string) => (programs.includes(name) ? `${start}${version}` : line),
  );
  return writeChanged(file, text, written);
}

function writeChanged(file: string, text: string, written: string): boolean {
  if (written === text) return false;
  writeFileSync(file, written);
  return true;
}
