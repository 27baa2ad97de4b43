/** A time limit as people say it: `1 second`, `0.5 seconds`. */
export function formatSeconds(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
}
