import { expect, test } from "bun:test";
import { runComment } from "./comment-command.ts";
import { renderDiffComment } from "./diff-comment.ts";

const TITLE = "What this changes in the cluster, in Argo CD's order (`bun run diff`):\n";
const LINE = "  + ConfigMap hookline/straße-☺\n";
const render = (changes: string, maxBytes = 60_000) =>
  renderDiffComment(changes, { maxBytes, whole: "the log" });

test("renderDiffComment() shows all where there is room", () => {
  const changes = LINE.repeat(100);
  const all = `${TITLE}\`\`\`\n${changes}\`\`\`\n`;
  expect(render(changes)).toBe(all);
  expect(render(changes, Buffer.byteLength(all))).toBe(all);
});

test("renderDiffComment() lets no line end its fence", () => {
  expect(render("a\n````\nb\n")).toBe(`${TITLE}\`\`\`\`\`\na\n\`\`\`\`\nb\n\`\`\`\`\`\n`);
});

test.each([200, 201, 202, 203, 1_000, 10_000, 59_999])(
  "renderDiffComment() cuts at the end of a line to %i bytes, and says what is missing",
  (maxBytes) => {
    const text = render(LINE.repeat(3_000), maxBytes);
    const shown = text.split(LINE).length - 1;
    expect(text).toBe(
      `${TITLE}\`\`\`\n${LINE.repeat(shown)}\`\`\`\n\n${(3_000 - shown).toLocaleString("en-GB")} of 3,000 lines are left out here; all of it is in the log.\n`,
    );
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(bytes + Buffer.byteLength(LINE)).toBeGreaterThan(maxBytes);
  },
);

test("renderDiffComment() leaves out even the only line, and counts it as one", () => {
  expect(render(`${"☺".repeat(30_000)}\n`)).toBe(
    `${TITLE}\`\`\`\n\`\`\`\n\n1 of 1 line is left out here; all of it is in the log.\n`,
  );
});

test.each([
  [[], "Cannot comment: wished are FILE, --bytes N and --whole WHERE"],
  [
    ["a", "--bytes", "0", "--whole", "x"],
    "Cannot comment: wished are FILE, --bytes N and --whole WHERE",
  ],
  [
    ["/no/such", "--bytes", "9", "--whole", "x"],
    'Cannot comment: there is no file "/no/such" that can be read',
  ],
])("runComment() refuses %j", (words, message) => {
  expect(() => runComment(words)).toThrow(new Error(message));
});
