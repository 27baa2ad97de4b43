import { until } from "./until.ts";

/**
 * Waits until so many seconds of the current minute are left: limits count by the minute, and what
 * is counted together must fall into one.
 */
export async function untilMinuteHas(seconds: number): Promise<void> {
  const left = () => 60 - ((Date.now() / 1000) % 60);
  await until("a new minute begins", () => left() >= seconds, 61_000);
}
