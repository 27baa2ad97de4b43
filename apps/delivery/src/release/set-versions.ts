import { readFileSync, writeFileSync } from "node:fs";
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
  const written = text.replace(VERSION_LINE, `$1${version}$2`);
  if (written === text) return false;
  writeFileSync(file, written);
  return true;
}
