import type { Traffic } from "./app.ts";
import type { Config } from "./config.ts";

interface DrainOptions {
  readonly config: Pick<Config, "DRAIN_DELAY_MS" | "DRAIN_TIMEOUT_MS">;
  readonly traffic: Traffic;
  readonly server: { stop(closeActiveConnections?: boolean): Promise<void> };
}

/**
 * Stops a server without losing an answer; tells whether all were given in time.
 *
 * First every answer says `connection: close` and `/readyz` says no, for a short while: closing at
 * once would cut connections on which a caller has just begun to send. Then no connection is
 * taken, and what runs is finished, within the time limit.
 */
export async function drain({ config, traffic, server }: DrainOptions): Promise<boolean> {
  traffic.draining = true;
  await wait(config.DRAIN_DELAY_MS);
  const finished = server.stop().then(() => true);
  const late = wait(config.DRAIN_TIMEOUT_MS).then(() => false);
  const clean = await Promise.race([finished, late]);
  if (!clean) {
    await server.stop(true);
  }
  return clean;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
