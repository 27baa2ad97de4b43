import { until } from "./until.ts";

/**
 * Runs what is counted together within one minute, for limits count by the minute. Where one ends under way, as on a
 * busy machine, it is run again in a minute that nothing was counted in.
 */
export async function withinOneMinute<Result>(
  seconds: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const left = () => 60 - ((Date.now() / 1000) % 60);
  const current = () => Math.floor(Date.now() / 60_000);
  await until("a new minute begins", () => left() >= seconds, 61_000);
  for (;;) {
    const before = current();
    const result = await run();
    const after = current();
    if (after === before) return result;
    await until("a new minute begins", () => current() > after, 61_000);
  }
}
