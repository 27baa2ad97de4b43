declare global {
  /** Not in TypeScript's library yet (proposal-json-parse-with-source). */
  interface JSON {
    rawJSON(text: string): object;
  }
}

/** What a command leaves: text for its two streams and the exit code. cli.ts prints it. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The output of a command that went well. */
export function succeed(stdout: string, stderr = ""): Output {
  return { stdout, stderr, exitCode: 0 };
}

/** A value as JSON with two spaces a level; integers of any size keep their digits. */
export function formatJson(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, item) => (typeof item === "bigint" ? JSON.rawJSON(String(item)) : item),
    2,
  );
  return `${text}\n`;
}
