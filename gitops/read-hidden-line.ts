const BACKSPACES = ["\b", "\u007f"];
const CTRL_C = "\u0003";

/**
 * One line as a terminal in raw mode sends it, which shows nothing of it: ends at Enter, takes
 * back at Backspace. Throws at Ctrl-C, and where nothing was typed.
 */
export async function readHiddenLine(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  const typed: string[] = [];
  for await (const chunk of chunks) {
    for (const character of decoder.decode(chunk, { stream: true })) {
      if (character === CTRL_C) throw new Error("Cannot seal: it was broken off");
      if (character === "\r" || character === "\n") return join(typed);
      if (BACKSPACES.includes(character)) typed.pop();
      else typed.push(character);
    }
  }
  return join(typed);
}

function join(typed: readonly string[]): string {
  if (typed.length === 0) throw new RangeError("Cannot seal: there is nothing to seal");
  return typed.join("");
}
