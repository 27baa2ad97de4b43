import * as z from "zod";
import type { ContainerPort } from "../workloads/workload.ts";

const Listening = z.object({
  event: z.literal("listening"),
  url: z.url(),
  metrics: z.url().optional(),
});
/** Where a program says that it listens. */
export type Listening = z.output<typeof Listening>;

/** Reads the line in which a program says where it listens; undefined for any other line. */
export function parseListening(line: string): Listening | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return Listening.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

interface PortsOptions {
  readonly ports: readonly ContainerPort[];
  /** The variables as the manifest has them, before free ports take their place. */
  readonly declared: (name: "METRICS_PORT" | "PORT") => string | undefined;
}

/**
 * The ports of a pod, by the container port's name and by its number. `url` is the port that the
 * variable PORT names, or the one called http; `metrics` that of METRICS_PORT, or the one called so.
 */
export function mapPorts(
  { url, metrics }: Listening,
  { ports, declared }: PortsOptions,
): ReadonlyMap<number | string, number> {
  const pick = (variable: "METRICS_PORT" | "PORT", name: string) => {
    const number = Number(declared(variable));
    return ports.find((port) => port.number === number) ?? ports.find((port) => port.name === name);
  };
  const found = [
    [pick("PORT", "http"), url] as const,
    [pick("METRICS_PORT", "metrics"), metrics] as const,
  ];
  return new Map(
    found.flatMap(([port, address]): [number | string, number][] => {
      if (port === undefined || address === undefined) return [];
      const real = Number(new URL(address).port);
      return port.name === undefined
        ? [[port.number, real]]
        : [
            [port.name, real],
            [port.number, real],
          ];
    }),
  );
}
