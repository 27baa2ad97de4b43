import { EDIT_COMMANDS } from "../edit/commands.ts";
import { createDiskFolder } from "../edit/disk-folder.ts";
import { findEditCommand, runEdit } from "../edit/run.ts";
import { attemptBuild, renderFixReport } from "./fix-report.ts";
import { describeFlags, parseFlags } from "./flags.ts";
import { type Output, succeed } from "./output.ts";

const WIDTH = 24;

/** `edit …` in the folder at hand. Throws BuildError, RangeError for a wrong word. */
export function runEditCommand(words: readonly string[], folder = "."): Output {
  const found = findEditCommand(words);
  const wantsHelp = words.some((word) => word === "--help" || word === "-h");
  const [group] = words;
  const isGroup =
    words.length === 1 && [...EDIT_COMMANDS.keys()].some((name) => name.startsWith(`${group} `));
  if (found === undefined && (words.length === 0 || isGroup || wantsHelp)) {
    return succeed(listCommands(words[0]));
  }
  if (found === undefined) {
    throw new RangeError(`there is no edit "${words.slice(0, 2).join(" ")}"; see edit --help`);
  }
  if (wantsHelp) {
    const name = words.slice(0, words.length - found.rest.length).join(" ");
    const { usage, about, flags } = found.command;
    const described = describeFlags(flags);
    const list = described === "" ? "" : `\nFlags:\n${described}`;
    return succeed(
      `Usage: kustomize edit ${name} ${usage}\n\nIn the kustomization here: ${about}.\n${list}`,
    );
  }
  const isFix = found.command === EDIT_COMMANDS.get("fix");
  const before = isFix ? attemptBuild(folder) : undefined;
  const { warnings } = runEdit(words, createDiskFolder(folder));
  const warned = warnings.map((warning) => `Warning: ${warning}\n`).join("");
  if (before === undefined) return succeed("", warned);
  const hasVars = parseFlags(found.rest, found.command.flags).isOn("vars");
  return succeed(renderFixReport({ before, after: attemptBuild(folder), hasVars }), warned);
}

function listCommands(group: string | undefined): string {
  const rows = [...EDIT_COMMANDS]
    .filter(
      ([name]) => group === undefined || group.startsWith("-") || name.startsWith(`${group} `),
    )
    .map(([name, { about }]) => `  ${name.padEnd(WIDTH)}${about}\n`);
  return `Usage: kustomize edit COMMAND ...\n\nChanges the kustomization in the folder at hand; comments and order stay.\n\nCommands:\n${rows.join("")}`;
}
