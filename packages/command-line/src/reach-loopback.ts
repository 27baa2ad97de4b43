const LOOPBACK = "localhost,127.0.0.1,::1";

/**
 * Keeps the proxy of an environment (`HTTP_PROXY`) out of what is asked of this machine, as programs in Go do
 * by themselves: it would not find it there. Bun and the programs that are started read it from there.
 */
export function reachLoopback(environment: Record<string, string | undefined> = process.env): void {
  // Both names are read, the lower one first, and an empty one as if it were not there.
  const direct = environment["no_proxy"] || environment["NO_PROXY"];
  environment["no_proxy"] = direct ? `${direct},${LOOPBACK}` : LOOPBACK;
}
