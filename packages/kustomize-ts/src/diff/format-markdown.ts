import { describeResource } from "./describe-resource.ts";
import type { Diff } from "./diff.ts";
import { formatCounts, formatNothing } from "./format-text.ts";
import { formatHunk } from "./hunks.ts";
import type { ResourceChange } from "./resource-changes.ts";

/** Below the 65,536 characters that GitHub takes in a comment. */
const MAX_MARKDOWN = 60_000;
/** Room for the sentence on what was left out. */
const LAST_SENTENCE = 80;

/**
 * A diff for a pull request: counts, a table of resources, and for each a folded diff. What would make it
 * longer than `maxLength` characters is left out, and said so.
 */
export function formatMarkdown(diff: Diff, maxLength: number = MAX_MARKDOWN): string {
  const title = `### ${code(diff.path)} against ${code(diff.ref)}\n\n`;
  if (diff.changes.length === 0) {
    return `${title}${escapeHtml(formatNothing(diff))}.\n`;
  }
  const room = maxLength - LAST_SENTENCE;
  let text = `${title}${formatCounts(diff.changes)}\n\n| | resource | fields |\n|---|---|---|\n`;
  /** Adds a part when there is room for it, and tells when there was none. */
  const isTooLong = (part: string): boolean => {
    const fits = text.length + part.length <= room;
    text += fits ? part : "";
    return !fits;
  };
  const rows = diff.changes.filter((change) => isTooLong(formatRow(change))).length;
  if (rows > 0) {
    const what = rows === 1 ? "1 further resource is" : `${rows} further resources are`;
    return `${text}\n${what} left out here.\n`;
  }
  const details = diff.changes.filter((change) => isTooLong(formatDetails(change))).length;
  if (details === 0) return text;
  const are = details === 1 ? "is" : "are";
  return `${text}\n${details} of the diffs ${are} too long to be shown here.\n`;
}

function formatRow(change: ResourceChange): string {
  const fields = change.change === "changed" ? String(change.fields.length) : "";
  const [sign = "", ...words] = describeResource(change).split(" ");
  return `| ${code(sign)} ${change.change} | ${code(words.join(" "))} | ${fields} |\n`;
}

function formatDetails(change: ResourceChange): string {
  const body = change.fields.map(formatHunk).join("");
  const fence = fenceFor(body);
  const summary = escapeHtml(describeResource(change));
  return `\n<details><summary><code>${summary}</code></summary>\n\n${fence}diff\n${body}${fence}\n\n</details>\n`;
}

/** A fence longer than any run of backticks inside it, so that nothing inside can end it. */
function fenceFor(body: string): string {
  const longest = Math.max(2, ...(body.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(longest + 1);
}

/** Inline code that holds any text: backticks cannot end it, `|` cannot end a table's cell. */
function code(text: string): string {
  const plain = text.replaceAll(/\s+/g, " ");
  return `<code>${escapeHtml(plain)}</code>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"`|*_~[\]\\@]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
