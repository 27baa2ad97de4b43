/** The value of one line of a registry of prom-client, by what stands before it; NaN when it is not there. */
export async function readMetric(
  registry: { metrics(): Promise<string> },
  line: string,
): Promise<number> {
  const found = (await registry.metrics()).split("\n").find((text) => text.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1));
}
