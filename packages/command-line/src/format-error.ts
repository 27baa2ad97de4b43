import { toPrintable } from "./printable.ts";

/** What is told of an error: the code is for programs, the message for people. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
}

/** The one line that a command ends with on stderr: its message, or, where JSON was asked for, `{"error": {"code", "message"}}`. */
export function formatError({ code, message }: ToldError, { json }: { json: boolean }): string {
  return toPrintable(json ? JSON.stringify({ error: { code, message } }) : message);
}
