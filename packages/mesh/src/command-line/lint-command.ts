import { parseArgs } from "node:util";
import { parse } from "yaml";
import { LINT_CODES, lint } from "../lint/index.ts";
import { printMessages } from "../lint/print-messages.ts";
import type { Output } from "./output.ts";
import { readArguments } from "./read-arguments.ts";
import { readInput } from "./read-input.ts";

const HELP = `Usage: mesh lint (--overlay NAME | -f FILE ...)

Which resources:
  --overlay NAME         an overlay of gitops/, or the folder of a kustomization
  -f, --file FILE        a file of manifests, or a folder of them; may be given again

  --codes                prints every code and what it means
  --json                 prints the messages, or the codes, as JSON
  --help                 prints this

Ends with 1 where there is an error, or an overlay does not render; warnings and infos do not fail. A wrong call ends with 2.
`;

const OPTIONS = {
  overlay: { type: "string" },
  file: { type: "string", short: "f", multiple: true },
  codes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `mesh lint`: prints what is wrong with a configuration. */
export async function runLint(words: readonly string[]): Promise<Output> {
  const given = readArguments(
    () => parseArgs({ args: [...words], options: OPTIONS, strict: true }).values,
  );
  if (given.help) return { stdout: HELP, exitCode: 0 };
  if (given.codes) return { stdout: given.json ? codesAsJson() : printCodes(), exitCode: 0 };
  const { overlay, file: files = [] } = given;
  const { resources } = await readInput({ overlay, files, istiod: undefined });
  const messages = lint(resources, { parseYaml: parse });
  const stdout = given.json ? `${JSON.stringify(messages, null, 2)}\n` : printMessages(messages);
  return { stdout, exitCode: messages.some(({ level }) => level === "error") ? 1 : 0 };
}

function codesAsJson(): string {
  const codes = Object.entries(LINT_CODES).map(([code, [level, meaning]]) => ({
    code,
    level,
    meaning,
  }));
  return `${JSON.stringify(codes, null, 2)}\n`;
}

function printCodes(): string {
  return Object.entries(LINT_CODES)
    .map(([code, [level, meaning]]) => `${code} ${level.padEnd(7)} ${meaning}\n`)
    .join("");
}
