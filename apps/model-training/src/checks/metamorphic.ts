// Does the answer follow the meaning of the address and not its spelling? (S58)
import type { FlipCount } from "../evaluate/rewrites.ts";
import { expectThat, type Finding, percent } from "./finding.ts";

/** Complains of rewrites that change verdicts, each and all together. */
export function checkFlips(counts: readonly FlipCount[], most: number): readonly Finding[] {
  const each = counts.flatMap(({ rewrite, urls, flips }) =>
    expectThat(
      flips <= most * urls,
      "neutral rewrite",
      `${rewrite}: ${flips} of ${urls} verdicts ${flips === 1 ? "changes" : "change"}, at most ${percent(most)}`,
    ),
  );
  const urls = counts.reduce((sum, count) => sum + count.urls, 0);
  return [...each, ...expectThat(urls > 0, "neutral rewrite", "no URL was rewritten")];
}

/** A phishing URL before and after its host was disguised further. */
export interface Disguise {
  readonly before: number;
  readonly after: number;
}

/**
 * Complains when disguising the host (a look-alike letter more) takes phishing below the threshold.
 * One-sided: an alarm that grows is right.
 */
export function checkDisguises(
  disguises: readonly Disguise[],
  limits: { readonly threshold: number; readonly most: number },
): readonly Finding[] {
  const caught = disguises.filter(({ before }) => before >= limits.threshold);
  const lost = caught.filter(({ after }) => after < limits.threshold).length;
  return [
    ...expectThat(caught.length > 0, "disguise", "no phishing URL was found to begin with"),
    ...expectThat(
      lost <= limits.most * caught.length,
      "disguise",
      `${lost} of ${caught.length} ${lost === 1 ? "is" : "are"} lost by a look-alike letter, at most ${percent(limits.most)}`,
    ),
  ];
}
