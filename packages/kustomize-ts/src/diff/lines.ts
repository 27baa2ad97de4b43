/** A line of a unified diff: kept, taken away or added. */
export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

const CONTEXT = 3;
/** Cells of the table below; larger texts are shown as taken away and added whole. */
const MAX_CELLS = 4_000_000;

/** The lines that turn `before` into `after`, with three kept ones around each change; "…" stands for the rest. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) {
    head += 1;
  }
  let tail = 0;
  const rest = Math.min(before.length, after.length) - head;
  while (tail < rest && before.at(-1 - tail) === after.at(-1 - tail)) {
    tail += 1;
  }
  const middle = diffMiddle(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  );
  const kept = (text: string): DiffLine => ({ sign: " ", text });
  return shorten([
    ...before.slice(0, head).map(kept),
    ...middle,
    ...before.slice(before.length - tail).map(kept),
  ]);
}

function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length * after.length > MAX_CELLS) {
    return [
      ...before.map((text) => ({ sign: "-", text }) as const),
      ...after.map((text) => ({ sign: "+", text }) as const),
    ];
  }
  return walk(before, after, commonLengths(before, after));
}

/** At [i][j]: the length of the longest common subsequence of what follows line i and line j. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const cell =
        before[i] === after[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
      table[i]?.set([cell], j);
    }
  }
  return table;
}

function walk(
  before: readonly string[],
  after: readonly string[],
  table: readonly Uint32Array[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [left, right] = [before[i], after[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: " ", text: left });
      i += 1;
      j += 1;
    } else if (
      left !== undefined &&
      (right === undefined || at(table, i + 1, j) >= at(table, i, j + 1))
    ) {
      lines.push({ sign: "-", text: left });
      i += 1;
    } else {
      lines.push({ sign: "+", text: right ?? "" });
      j += 1;
    }
  }
  return lines;
}

function at(table: readonly Uint32Array[], row: number, column: number): number {
  return table[row]?.[column] ?? 0;
}

function shorten(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ sign }, index) => {
    if (sign !== " ") {
      near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
    }
  });
  return lines.flatMap((line, index): DiffLine[] => {
    if (near[index] === 1) {
      return [line];
    }
    return index === 0 || near[index - 1] === 1 ? [{ sign: " ", text: "…" }] : [];
  });
}
