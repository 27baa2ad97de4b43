export interface TableOptions {
  /** Columns of text (from 0) beside the first; the others are numbers, to the right. */
  readonly text?: readonly number[];
}

/** A Markdown table. Cells must not hold line breaks; bars in them are escaped. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { text = [] }: TableOptions = {},
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const isText = (column: number) => column === 0 || text.includes(column);
  const rule = `| ${head.map((_, column) => (isText(column) ? "---" : "---:")).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
