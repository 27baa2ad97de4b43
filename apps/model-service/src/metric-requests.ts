import { nameMethod } from "@hookline/http-service";
import type { Buckets, Cell } from "./metric-cells.ts";
import { type Declarers, LATENCY_STEPS } from "./metric-declare.ts";

export interface RequestLabels {
  /** The pattern, never the raw path. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
}

interface RouteCells {
  readonly duration: Buckets;
  /** By method, and within one by status. */
  readonly counts: Map<string, Map<number, Cell>>;
}

/** What is counted of each HTTP request. */
export function declareRequests({ counter, histogram }: Declarers) {
  const total = counter(
    "model_http_requests_total",
    "HTTP requests answered, by pattern of the route",
    ...["route", "method", "status"],
  );
  const seconds = histogram("model_http_request_duration_seconds", {
    help: "Time from a request's head to its answer's, in this process",
    labelNames: ["route"],
    steps: LATENCY_STEPS,
  });
  const routes = new Map<string, RouteCells>();
  return {
    responded({ route, method: given, status }: RequestLabels, duration: number): void {
      let cells = routes.get(route);
      if (cells === undefined) {
        cells = { duration: seconds.cell({ route }), counts: new Map() };
        routes.set(route, cells);
      }
      const method = nameMethod(given);
      const count =
        cells.counts.get(method)?.get(status) ?? remember(cells, { route, method, status }, total);
      count.value++;
      cells.duration.observe(duration);
    },
  };
}

function remember(
  { counts }: RouteCells,
  { route, method, status }: RequestLabels,
  total: ReturnType<Declarers["counter"]>,
): Cell {
  const cell = total.cell({ route, method, status: String(status) });
  const ofMethod = counts.get(method) ?? new Map<number, Cell>();
  counts.set(method, ofMethod.set(status, cell));
  return cell;
}
