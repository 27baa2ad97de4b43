interface CreateSplitterOptions {
  /** What is kept of a line that has not ended; the rest of it is dropped. */
  readonly mostCharacters: number;
}

/** Cuts chunks of UTF-8 into lines without their ends; leaves blank lines out. */
export function createSplitter({ mostCharacters }: CreateSplitterOptions) {
  const decoder = new TextDecoder();
  let rest = "";
  function cut(text: string): string[] {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(0, mostCharacters);
    return lines.filter((line) => line.trim() !== "");
  }
  return {
    push: (chunk: Uint8Array) => cut(decoder.decode(chunk, { stream: true })),
    /** The line that had no end. */
    end: () => cut(`${decoder.decode()}\n`),
  };
}
