import { Histogram, type LabelPairs, renderLabels } from "./series.ts";

/** One end of a request, as Istio's labels tell it. */
export interface Party {
  readonly workload: string;
  readonly namespace: string;
  readonly app: string;
  readonly version: string;
  readonly principal: string;
}

export const UNKNOWN_PARTY: Party = {
  workload: "unknown",
  namespace: "unknown",
  app: "unknown",
  version: "unknown",
  principal: "unknown",
};

export interface RequestRecord {
  readonly source: Party;
  readonly destination: Party;
  /** The destination's Service; undefined where no route led to one. */
  readonly service:
    | { readonly fqdn: string; readonly name: string; readonly namespace: string }
    | undefined;
  readonly status: number;
  readonly flags: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Who tells: a request that reached no pod is told by its source only, a mirrored one by its destination only. */
  readonly reporters: readonly ("source" | "destination")[];
}

interface Series {
  readonly labels: string;
  count: number;
  readonly duration: Histogram;
  readonly requestBytes: Histogram;
  readonly responseBytes: Histogram;
}

/** Istio's standard HTTP metrics (https://istio.io/latest/docs/reference/config/metrics/). */
export class IstioMetrics {
  readonly #series = new Map<string, Series>();

  record(record: RequestRecord): void {
    for (const reporter of record.reporters) {
      const series = this.#find(reporter, record);
      series.count += 1;
      series.duration.observe(record.durationMs);
      series.requestBytes.observe(record.requestBytes);
      series.responseBytes.observe(record.responseBytes);
    }
  }

  render(): string {
    const all = [...this.#series.values()];
    const histograms = [
      ["istio_request_duration_milliseconds", (one: Series) => one.duration],
      ["istio_request_bytes", (one: Series) => one.requestBytes],
      ["istio_response_bytes", (one: Series) => one.responseBytes],
    ] as const;
    let text = "# TYPE istio_requests_total counter\n";
    for (const { labels, count } of all) text += `istio_requests_total{${labels}} ${count}\n`;
    for (const [name, read] of histograms) {
      text += `# TYPE ${name} histogram\n`;
      for (const one of all) text += read(one).render(name, one.labels);
    }
    return text;
  }

  #find(reporter: "source" | "destination", record: RequestRecord): Series {
    const { source, destination, service, status, flags } = record;
    const key = `${reporter} ${source.namespace}/${source.workload} ${service?.fqdn} ${destination.namespace}/${destination.workload}/${destination.version} ${status} ${flags}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = {
      labels: renderLabels(buildLabels(reporter, record)),
      count: 0,
      duration: new Histogram(),
      requestBytes: new Histogram(),
      responseBytes: new Histogram(),
    };
    this.#series.set(key, series);
    return series;
  }
}

function buildLabels(reporter: "source" | "destination", record: RequestRecord): LabelPairs {
  const { source, destination, service, status, flags } = record;
  return [
    ["reporter", reporter],
    ...describe("source", source),
    ...describe("destination", destination),
    ["destination_service", service?.fqdn ?? "unknown"],
    ["destination_service_name", service?.name ?? "unknown"],
    ["destination_service_namespace", service?.namespace ?? "unknown"],
    ["request_protocol", "http"],
    ["response_code", String(status)],
    ["grpc_response_status", ""],
    ["response_flags", flags],
    // There is no TLS on the loopback interface. Istio's sources never know.
    ["connection_security_policy", reporter === "source" ? "unknown" : "none"],
  ];
}

function describe(end: "source" | "destination", party: Party): LabelPairs {
  const { workload, namespace, app, version, principal } = party;
  return [
    [`${end}_workload`, workload],
    [`${end}_workload_namespace`, namespace],
    [`${end}_principal`, principal],
    [`${end}_app`, app],
    [`${end}_version`, version],
    [`${end}_canonical_service`, app],
    [`${end}_canonical_revision`, version],
    [`${end}_cluster`, "Kubernetes"],
  ];
}
