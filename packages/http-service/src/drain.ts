interface DrainOptions {
  /** Time before the door is closed, in milliseconds. */
  readonly delayMs: number;
  /** The most that what runs may take after that. */
  readonly limitMs: number;
}

/**
 * Stops a server without losing an answer; tells whether all were given in time.
 *
 * For `delayMs` it goes on as before (its answers say `connection: close`, and it is not ready):
 * closing at once would cut connections on which a caller has just begun to send. Then no
 * connection is taken, and what is under way is finished, within `limitMs`.
 */
export async function drain(
  server: { stop(closeActiveConnections?: boolean): Promise<void> },
  { delayMs, limitMs }: DrainOptions,
): Promise<boolean> {
  await Bun.sleep(delayMs);
  const finished = server.stop().then(() => true);
  const inTime = await Promise.race([finished, Bun.sleep(limitMs).then(() => false)]);
  if (!inTime) {
    await server.stop(true);
  }
  return inTime;
}
