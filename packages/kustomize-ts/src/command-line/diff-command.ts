import { diffAgainst } from "../diff/diff.ts";
import { formatMarkdown } from "../diff/format-markdown.ts";
import { formatText } from "../diff/format-text.ts";
import { RENDER_FLAGS, readRenderFlags } from "./build-command.ts";
import { describeFlags, type FlagSpecs, parseFlags } from "./flags.ts";
import { formatJson, type Output, succeed } from "./output.ts";

const FLAGS: FlagSpecs = {
  against: { kind: "string", value: "REF", about: "the commit, branch or tag to compare with" },
  json: { kind: "boolean", about: "print the changes as JSON" },
  markdown: { kind: "boolean", about: "print Markdown for a pull request" },
  "exit-code": { kind: "boolean", about: "exit with 1 when something changes, 2 on an error" },
  ...RENDER_FLAGS,
  help: { kind: "boolean", short: "h", about: "print this" },
};

const HELP = `Usage: kustomize diff [DIR] --against REF [flags]

Prints what the working tree would change in the rendered resources of DIR (.), against a commit.
+ is new, ~ changes (→ is what it becomes), - goes. The values of Secrets are not shown.

Flags:
${describeFlags(FLAGS)}`;

/** `diff [DIR] --against REF`. Throws BuildError, RangeError for a wrong word. */
export function runDiff(words: readonly string[]): Output {
  const flags = parseFlags(words, FLAGS);
  if (flags.isOn("help")) {
    return succeed(HELP);
  }
  const [path = ".", ...rest] = flags.positional;
  const against = flags.text("against");
  if (rest.length > 0 || against === undefined) {
    throw new RangeError(
      "name one folder and a commit to compare with, as in diff overlay --against HEAD",
    );
  }
  const diff = diffAgainst(path, { ...readRenderFlags(flags), against });
  const differs = diff.changes.length > 0 || diff.reordered;
  const format = flags.isOn("json")
    ? formatJson
    : flags.isOn("markdown")
      ? formatMarkdown
      : formatText;
  return { ...succeed(format(diff)), exitCode: differs && flags.isOn("exit-code") ? 1 : 0 };
}
