import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrainingError } from "../errors.ts";
import { buildCard, type CardContext, type Run } from "./build-card.ts";
import { CARD_FILE, type Card, MODEL_FILE } from "./card.ts";
import { renderModelCard } from "./markdown.ts";
import { renderReliability, renderRoc, renderScores } from "./pictures.ts";

/** Writes model, card and pictures of a run into a new folder. */
export async function writeModel(folder: string, run: Run, context: CardContext): Promise<Card> {
  const card = buildCard(run, context);
  const { test, holdout } = run.reports;
  const measured = holdout === undefined ? [test] : [test, holdout];
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MODEL_FILE), run.model);
  await writeFile(join(folder, "roc.svg"), renderRoc(measured));
  await writeFile(join(folder, "reliability.svg"), renderReliability(measured));
  await writeFile(join(folder, "scores.svg"), renderScores(test, run.decision));
  await writeFile(join(folder, "MODEL_CARD.md"), renderModelCard(card));
  // The card is last: a folder that has one is whole.
  await writeFile(join(folder, CARD_FILE), `${JSON.stringify(card, undefined, 1)}\n`);
  return card;
}

/**
 * Puts a finished folder in its place. A model that is there is replaced; a folder that is no model
 * is left alone and a TrainingError thrown.
 */
export async function placeModel(finished: string, target: string): Promise<void> {
  await requireModelFolder(target);
  await mkdir(dirname(target), { recursive: true });
  const old = `${finished}.old`;
  const replaced = await rename(target, old).then(
    () => true,
    () => false,
  );
  await rename(finished, target);
  if (replaced) await rm(old, { recursive: true });
}

/** Throws a TrainingError when the path holds something that a model must not replace. */
export async function requireModelFolder(target: string): Promise<void> {
  const inside = await readdir(target).catch((error: unknown): string[] => {
    if (isMissing(error)) return [];
    throw new TrainingError("OUTPUT_FAILED", `Cannot write to "${target}": it is not a folder`, {
      cause: error,
    });
  });
  if (inside.length === 0 || inside.includes(CARD_FILE)) return;
  const message = `Cannot write to "${target}": it holds files but no ${CARD_FILE}, so it is no model`;
  throw new TrainingError("OUTPUT_FAILED", message);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
