/** How long is waited, in milliseconds, before the door is closed and after. */
export interface DrainOptions {
  readonly delayMs: number;
  readonly limitMs: number;
}

/**
 * Stops a server without losing an answer; tells whether all were given in time.
 *
 * For `delayMs` it goes on as before (the app says `connection: close` and is not ready): closing
 * at once would cut connections on which a visitor has just begun to send. Then no connection is
 * taken, and what is under way is finished, within `limitMs`.
 */
export async function drain(
  server: { stop(closeActiveConnections?: boolean): Promise<void> },
  { delayMs, limitMs }: DrainOptions,
): Promise<boolean> {
  await Bun.sleep(delayMs);
  const finished = server.stop().then(() => true);
  const inTime = await Promise.race([finished, Bun.sleep(limitMs).then(() => false)]);
  if (!inTime) await server.stop(true);
  return inTime;
}
