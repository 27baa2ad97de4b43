import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { renderDiffComment } from "./diff-comment.ts";

/** `comment FILE --bytes N --whole WHERE`: what `diff` printed, as Markdown. */
export function runComment(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { bytes: { type: "string" }, whole: { type: "string" } },
  });
  const [file, ...more] = positionals;
  const { bytes = "", whole } = values;
  if (file === undefined || more.length > 0 || !/^[1-9]\d*$/.test(bytes) || whole === undefined) {
    throw new TypeError("Cannot comment: wished are FILE, --bytes N and --whole WHERE");
  }
  return renderDiffComment(read(file), { maxBytes: Number(bytes), whole });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`Cannot comment: there is no file "${file}" that can be read`, { cause });
  }
}
