import { parseArgs } from "node:util";
import { describeFailure } from "@hookline/command-line";
import { commitAdoption, planAdoption, requireIdentity } from "./adopt.ts";
import { requireCleanTree } from "./all-or-nothing.ts";
import type { CommandOptions } from "./command-options.ts";
import { DeliveryError } from "./errors.ts";

const HELP = `Usage: bun run adopt OWNER [--dry-run] [--json]

Makes a fork its owner's: images (ghcr.io/OWNER/…), addresses of the repository (github.com/OWNER/…) and what is
rendered from them, in one commit. Run again with another owner, it goes on from there. The packages of
npm keep their scope, and a fork does not publish them.

  --dry-run  names the files and changes nothing
  --json     prints JSON
  --help     prints this

A wrong call ends with 2, any other failure with 1.
`;

/** Runs `adopt …`; throws DeliveryError. */
export function runAdopt(words: readonly string[], { root, print }: CommandOptions): void {
  const { values, positionals } = parse(words);
  const [owner, more] = positionals;
  if (more !== undefined) throw badArgument(`"${more}" is one word too many`);
  if (values.help) {
    print(HELP);
    return;
  }
  if (owner === undefined) throw badArgument("expected the owner of the fork");
  requireCleanTree(root, "adopt");
  if (!values["dry-run"]) requireIdentity(root, "adopt");
  const plan = planAdoption(root, owner);
  const isDone = plan.files.length > 0 && !values["dry-run"];
  const commit = isDone ? commitAdoption(root, plan) : undefined;
  const end =
    commit === undefined
      ? "nothing is committed (--dry-run)"
      : `committed ${commit}\npush it: git push`;
  const text =
    plan.files.length === 0
      ? `nothing to do: all is ${owner}'s already\n`
      : `${plan.from} → ${plan.to}\n${plan.files.map((file) => `  ${file}\n`).join("")}${end}\n`;
  print(values.json ? `${JSON.stringify({ ...plan, commit })}\n` : text);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        "dry-run": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw badArgument(describeFailure(error), error);
  }
}

function badArgument(why: string, cause?: unknown): DeliveryError {
  const message = `Cannot read the arguments: ${why}; see bun run adopt --help`;
  return new DeliveryError(message, { code: "BAD_ARGUMENT", cause });
}
