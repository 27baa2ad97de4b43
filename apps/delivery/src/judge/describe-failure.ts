/** Why a fetch failed, in one sentence: Bun's messages go on with a question. */
export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(". ")[0] ?? text;
}
