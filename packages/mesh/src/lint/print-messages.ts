import type { LintMessage } from "./message.ts";

/** Messages as people read them, the worst first, and how many there are. */
export function printMessages(messages: readonly LintMessage[]): string {
  const lines = messages.map(({ level, code, resource, field, message }) => {
    const where = field === undefined ? resource : `${resource} ${field}`;
    return `${level.padEnd(7)} ${code} ${where}: ${message}`;
  });
  const count = (level: string) => {
    const found = messages.filter((one) => one.level === level).length;
    return `${found} ${level}${found === 1 ? "" : "s"}`;
  };
  const sum = ["error", "warning", "info"].map(count).join(", ");
  return `${[...lines, sum].join("\n")}\n`;
}
