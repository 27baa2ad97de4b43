import type { JsonObject } from "../types.ts";
import { type LintOptions, lint } from "./lint.ts";
import type { LintMessage } from "./message.ts";

export interface RunLintOptions extends LintOptions {
  /** Takes the lines. */
  readonly write: (text: string) => void;
}

/** The command `lint`: a line for each message and a count; gives the exit code, 1 with an error. */
export function runLint(
  resources: readonly JsonObject[],
  { write, ...options }: RunLintOptions,
): number {
  const messages = lint(resources, options);
  write(formatMessages(messages));
  return messages.some(({ level }) => level === "error") ? 1 : 0;
}

/** Messages as people read them, the worst first, and how many there are. */
export function formatMessages(messages: readonly LintMessage[]): string {
  const lines = messages.map(({ level, code, resource, field, message }) => {
    const where = field === undefined ? resource : `${resource} ${field}`;
    return `${level.padEnd(7)} ${code} ${where}: ${message}`;
  });
  const count = (level: string) => messages.filter((one) => one.level === level).length;
  const sum = `${count("error")} errors, ${count("warning")} warnings, ${count("info")} infos`;
  return `${[...lines, sum].join("\n")}\n`;
}
