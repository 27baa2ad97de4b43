/** Gives the index of one of the shares; shares of 0 are never given. */
export type Choose = (shares: readonly number[]) => number;

/** Chooses by drawing, as Envoy does: a number below the sum, then the first that it falls into. */
export function drawBy(random: () => number): Choose {
  return (shares) => {
    let total = 0;
    for (const share of shares) total += share;
    let rest = random() * total;
    for (let index = 0; index < shares.length; index += 1) {
      rest -= shares[index] ?? 0;
      if (rest < 0) return index;
    }
    return shares.length - 1;
  };
}

/** Runs a function once for every combination of choices that it can make, with its percentage. */
export function enumerate<Outcome>(
  run: (choose: Choose) => Outcome,
): { readonly percent: number; readonly outcome: Outcome }[] {
  const outcomes: { percent: number; outcome: Outcome }[] = [];
  /** The choices of the run at hand, and how many there were at each. */
  let script: { index: number; count: number }[] = [];
  do {
    let step = 0;
    let percent = 100;
    const outcome = run((shares) => {
      const total = shares.reduce((sum, share) => sum + share, 0);
      script[step] ??= { index: 0, count: shares.length };
      const index = script[step]?.index ?? 0;
      percent = (percent * (shares[index] ?? 0)) / total;
      step += 1;
      return index;
    });
    if (percent > 0) outcomes.push({ percent, outcome });
    while (script.length > 0 && isLast(script.at(-1))) script = script.slice(0, -1);
    const last = script.at(-1);
    if (last !== undefined) last.index += 1;
  } while (script.length > 0);
  return outcomes;
}

function isLast(step: { index: number; count: number } | undefined): boolean {
  return step !== undefined && step.index >= step.count - 1;
}
