import { formatAmount, formatCount } from "@hookline/command-line";

export interface RenderDiffCommentOptions {
  /** What it may be long at most, as UTF-8. */
  readonly maxBytes: number;
  /** Where all of it is, as Markdown; said where lines are left out. */
  readonly whole: string;
}

const TITLE = "What this changes in the cluster, in Argo CD's order (`bun run diff`):\n";

/** A diff as Markdown, cut at the end of a line where it is too long; then it says how many lines are missing. */
export function renderDiffComment(
  changes: string,
  { maxBytes, whole }: RenderDiffCommentOptions,
): string {
  const lines = changes.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const render = (count: number): string => {
    const left = lines.length - count;
    const amount = formatAmount(lines.length, "line");
    const are = left === 1 ? "is" : "are";
    const missing = `\n${formatCount(left)} of ${amount} ${are} left out here; all of it is in ${whole}.\n`;
    return TITLE + renderFenced(lines.slice(0, count)) + (left === 0 ? "" : missing);
  };
  // Measured as it would be sent: the fence is longer where a line has one, and of all nothing is missing.
  const isShort = (count: number) => Buffer.byteLength(render(count)) <= maxBytes;
  if (isShort(lines.length)) return render(lines.length);
  let [fits, tooMany] = [0, lines.length];
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2);
    if (isShort(count)) fits = count;
    else tooMany = count;
  }
  return render(fits);
}

function renderFenced(lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join("");
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}${fence}\n`;
}
