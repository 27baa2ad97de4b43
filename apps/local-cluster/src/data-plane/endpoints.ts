import type { Labels } from "@hookline/mesh";

/** A pod that is ready. */
export interface Endpoint {
  readonly pod: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** The name of its Deployment. */
  readonly workload: string;
  readonly version: string;
  /** A container port's name and its number, each → the port on the loopback interface. */
  readonly ports: ReadonlyMap<string | number, number>;
}

/** The pods that are ready now, and when that changes. */
export interface EndpointSource {
  ready(): readonly Endpoint[];
  /** Gives what ends the subscription. */
  subscribe(listener: () => void): () => void;
}
