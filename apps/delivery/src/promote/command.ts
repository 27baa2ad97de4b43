import { parseArgs } from "node:util";
import { describeFailure } from "@hookline/command-line";
import type { CommandOptions } from "../command-options.ts";
import { DeliveryError } from "../errors.ts";
import { changeTree, type TreeChange } from "./change-tree.ts";
import { FIRST_WEIGHT, type Promotion, planPromotion } from "./plan-promotion.ts";
import { planRollback } from "./rollback.ts";

const OPTIONS = `  --dry-run  shows what would be and changes nothing
  --json     prints JSON
  --help     prints this

A wrong call ends with 2, any other failure with 1.
`;

const PROMOTE_HELP = `Usage: bun run promote canary --weight PERCENT
       bun run promote canary --to stable
       bun run promote model v2

Changes gitops/, renders and checks it, shows what that does to the cluster, and commits it. Push it, and Argo CD does the
rest; \`bun run rollback\` takes it back.

  canary --weight PERCENT  the share of the visitors that get the canary, 0 to 100
  canary --to stable       everybody gets the canary's image; the canary is back at ${FIRST_WEIGHT} in 100
  model v2                 the model in the shadow, with its service, answers everybody

${OPTIONS}`;

const ROLLBACK_HELP = `Usage: bun run rollback [COMMIT]

Takes back the last promotion or release that is still in force, or the commit named, by a commit of its own. After a
rollback, the next one goes on to the change before. Where the last change only lowered the canary's share it stops: the
commit's name raises it again.

${OPTIONS}`;

/** Runs `promote …`; throws DeliveryError. */
export function runPromote(words: readonly string[], { root, print }: CommandOptions): void {
  const { values, positionals } = parse("promote", words);
  if (values.help) {
    print(PROMOTE_HELP);
    return;
  }
  const promotion = parsePromotion(positionals, values);
  finish({ root, print }, values, planPromotion(root, promotion));
}

/** Runs `rollback …`; throws DeliveryError. */
export function runRollback(words: readonly string[], { root, print }: CommandOptions): void {
  const { values, positionals } = parse("rollback", words);
  const [commit, more] = positionals;
  if (values.help) {
    print(ROLLBACK_HELP);
    return;
  }
  if (more !== undefined || values.weight !== undefined || values.to !== undefined) {
    throw badArgument("rollback", "expected one commit or none");
  }
  finish({ root, print }, values, planRollback(root, commit));
}

function finish(
  { root, print }: CommandOptions,
  { "dry-run": dryRun, json }: { readonly "dry-run": boolean; readonly json: boolean },
  { note, ...change }: Omit<TreeChange, "dryRun"> & { readonly note?: string },
): void {
  const result = changeTree(root, { ...change, dryRun });
  const end =
    result.commit === undefined
      ? "nothing is committed (--dry-run)"
      : `committed ${result.commit}: ${change.subject}\npush it: git push`;
  const told = note === undefined ? "" : `${note}\n`;
  print(json ? `${JSON.stringify({ ...result, note })}\n` : `${result.diff}\n${told}${end}\n`);
}

function parse(command: string, words: readonly string[]) {
  try {
    return parseArgs({
      args: joinNegative(words),
      allowPositionals: true,
      options: {
        weight: { type: "string" },
        to: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw badArgument(command, describeFailure(error), error);
  }
}

/** `--weight -1` as `--weight=-1`: it is refused for its number then, not for its dash. */
function joinNegative(words: readonly string[]): string[] {
  const isNegative = (at: number) => words[at - 1] === "--weight" && /^-\d/.test(words[at] ?? "");
  return words.flatMap((word, at) => {
    if (isNegative(at)) return [];
    return isNegative(at + 1) ? `${word}=${words[at + 1]}` : word;
  });
}

interface Values {
  readonly weight?: string | undefined;
  readonly to?: string | undefined;
}

function parsePromotion(words: readonly string[], { weight, to }: Values): Promotion {
  const [what, version, more] = words;
  if (what === "model" && version !== undefined && more === undefined && !(weight ?? to)) {
    return { kind: "model", version };
  }
  if (what !== "canary" || version !== undefined || (weight === undefined) === (to === undefined)) {
    throw badArgument(
      "promote",
      'expected "canary --weight 25", "canary --to stable" or "model v2"',
    );
  }
  if (weight !== undefined) return { kind: "weight", weight: parseWeight(weight) };
  if (to !== "stable") throw badArgument("promote", `--to "${to}" is not stable`);
  return { kind: "stable", weight: FIRST_WEIGHT };
}

function parseWeight(text: string): number {
  const weight = Number(text);
  if (/^\d{1,3}$/.test(text) && weight <= 100) return weight;
  throw badArgument("promote", `--weight "${text}" is no whole number from 0 to 100`);
}

function badArgument(command: string, why: string, cause?: unknown): DeliveryError {
  const message = `Cannot read the arguments: ${why}; see bun run ${command} --help`;
  return new DeliveryError(message, { code: "BAD_ARGUMENT", cause });
}
