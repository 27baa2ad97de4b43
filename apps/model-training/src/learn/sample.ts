import type { Row } from "../dataset.ts";
import { createRandom } from "./random.ts";

const GOOD = ["garden", "library", "museum", "recipe", "weather", "school", "music", "travel"];
const BAD = ["login", "verify", "secure", "account", "update", "wallet", "bonus", "support"];
const GOOD_ENDS = ["org", "com", "de", "co.uk"];
const BAD_ENDS = ["top", "com", "xyz", "weebly.com"];
const MISTAKES = 0.08;

/** Invented rows for tests: words and endings that lean to one label, some rows labelled wrong. */
export function writeSample(count: number, seed: number): readonly Row[] {
  const random = createRandom(seed);
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? "";
  return Array.from({ length: count }, () => {
    const bad = random() < 0.5;
    const word = () => pick(random() < 0.8 === bad ? BAD : GOOD);
    const end = pick(bad ? BAD_ENDS : GOOD_ENDS);
    const path = random() < 0.5 ? "" : `/${word()}/${Math.floor(random() * 1e4)}`;
    const url = `${word()}-${word()}${Math.floor(random() * 100)}.${end}${path}`;
    const label = bad === random() >= MISTAKES ? 1 : 0;
    return { label, url, source: "sample" } as const;
  });
}

/** Rows as a file would give them. */
export async function* streamRows(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}
