/** A longer line is handed on in parts; those that programs print to be read are far shorter. */
const MAX_LINE = 64 * 1024;

/** Hands on each line of a stream, the last one even without a line break; ends with the stream. */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
    if (rest.length > MAX_LINE) {
      take(rest);
      rest = "";
    }
  }
  rest += decoder.decode();
  if (rest !== "") take(rest);
}
