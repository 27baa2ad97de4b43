import { messageOf } from "./message-of.ts";

/** Why something failed, in one sentence: messages of Bun and Node go on with a question or with advice. */
export function describeFailure(error: unknown): string {
  const text = messageOf(error);
  return text.split(/[.?](?:\s|$)/)[0] ?? text;
}
