/**
 * The address of a line of a plain list: the whole line, or what follows `after`. Empty lines and
 * comments (# or //) have none.
 */
export function parseListLine(line: string, after?: string): string | undefined {
  const text = line.trim();
  if (text === "" || text.startsWith("#") || text.startsWith("//")) return undefined;
  if (after === undefined) return text;
  const at = text.indexOf(after);
  return at < 0 ? undefined : text.slice(at + after.length);
}
