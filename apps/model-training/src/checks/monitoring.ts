// Is a model that is in use still the one that was measured, and is the world still the same? (S62)
import { CONTRACT } from "@hookline/lib-ml";
import type { Card } from "../card/card.ts";
import { type Histogram, stabilityIndex } from "../evaluate/drift.ts";
import { expectThat, type Finding } from "./finding.ts";

const MOST_DAYS = 60;
const MOST_BYTES = 5_000_000;
/** Above this a shift of a histogram is usually called large. */
const MOST_SHIFT = 0.25;
/** Of fewer rows the index says more about the draw than about the world: rows of the very test set then exceed the limit. */
const LEAST_ROWS = 500;
const DAY_MS = 86_400_000;

/** Complains of a card that is old, from the future, of another contract, or of too large a model. */
export function checkCard(card: Card, now: Date): readonly Finding[] {
  const days = (now.getTime() - new Date(card.created).getTime()) / DAY_MS;
  return [
    ...expectThat(
      days <= MOST_DAYS,
      "age",
      `${card.name} is ${Math.floor(days)} days old, at most ${MOST_DAYS}`,
    ),
    ...expectThat(days >= 0, "age", `${card.name} was made in the future, ${card.created}`),
    ...expectThat(
      card.bytes <= MOST_BYTES,
      "size",
      `${card.name} has ${card.bytes} bytes, at most ${MOST_BYTES}`,
    ),
    ...expectThat(
      card.contract === CONTRACT,
      "contract",
      `${card.name} was trained with ${card.contract}, this is ${CONTRACT}`,
    ),
  ];
}

/** Complains when the file is not the one that the card describes. */
export function checkFile(card: Card, model: Uint8Array): readonly Finding[] {
  const sha256 = new Bun.CryptoHasher("sha256").update(model).digest("hex");
  return [
    ...expectThat(
      model.length === card.bytes,
      "file",
      `${card.name} has ${model.length} bytes, its card says ${card.bytes}`,
    ),
    ...expectThat(
      sha256 === card.sha256,
      "file",
      `${card.name} has sha256 ${sha256}, its card says ${card.sha256}`,
    ),
  ];
}

/** A histogram and how many rows it is of. */
interface Counted {
  readonly histogram: Histogram;
  readonly rows: number;
}

/** Complains when what is seen now is spread otherwise than what the model was measured on; of few rows, never. */
export function checkDrift(
  name: string,
  { histogram: reference, rows: before }: Counted,
  { histogram: current, rows: now }: Counted,
): readonly Finding[] {
  if (Math.min(before, now) < LEAST_ROWS) return [];
  const index = stabilityIndex(reference, current);
  const message = `${name} has moved by ${index.toFixed(3)}, at most ${MOST_SHIFT}`;
  return expectThat(index <= MOST_SHIFT, "drift", message);
}
