import { runGit, tryGit } from "../git.ts";

/** Lines of a file, the first one and the one behind the last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Hunk {
  readonly before: Span;
  readonly after: Span;
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm;

/** The commits after one that changed the lines of files that it changed, newest first, as far as Git can tell: `89abcde "subject"`. */
export function listLaterChanges(root: string, hash: string, files: readonly string[]): string[] {
  // Two lines at least: what was taken away stood between them.
  const ranges = files.flatMap((file) => {
    const touched = readHunks(root, [`${hash}^`, hash], file).map(({ after }) => after);
    return readHunks(root, [hash, "HEAD"], file)
      .filter(({ before }) => touched.some((span) => isNear(span, before)))
      .map(({ after }) => `-L${after.start},${Math.max(after.start + 1, after.end - 1)}:${file}`);
  });
  if (ranges.length === 0) return [];
  // Git knows no lines of a file that is gone.
  return tryGit(root, ["log", "-s", '--format=%h "%s"', ...ranges, `${hash}..HEAD`]);
}

function readHunks(root: string, commits: readonly string[], file: string): Hunk[] {
  const words = ["diff", "--no-ext-diff", "--no-color", "--unified=0", ...commits, "--", file];
  return [...runGit(root, words).matchAll(HUNK)].map(([, from, removed, to, added]) => ({
    before: parseSpan(from, removed),
    after: parseSpan(to, added),
  }));
}

function parseSpan(start = "1", count = "1"): Span {
  const first = Math.max(1, Number(start));
  return { start: first, end: first + Number(count) };
}

/** Git takes changes of neighbouring lines for a conflict too. */
function isNear(one: Span, other: Span): boolean {
  return one.start <= other.end && other.start <= one.end;
}
