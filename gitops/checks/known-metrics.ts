/** A metric that expressions may name, with its own labels. */
export interface KnownMetric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly labels: readonly string[];
}

const counter = (name: string, ...labels: string[]): KnownMetric => ({
  name,
  type: "counter",
  labels,
});
const gauge = (name: string, ...labels: string[]): KnownMetric => ({ name, type: "gauge", labels });
const histogram = (name: string, ...labels: string[]): KnownMetric => ({
  name,
  type: "histogram",
  labels,
});
const summary = (name: string, ...labels: string[]): KnownMetric => ({
  name,
  type: "summary",
  labels,
});

/** What our programs count, as far as a rule or a dashboard asks for it. A test compares it with their registries. */
export const PROGRAM_METRICS: Readonly<Record<string, readonly KnownMetric[]>> = {
  app: [
    counter("experiment_checks_total", "version", "guess", "verdict"),
    histogram("http_request_duration_seconds", "version", "method", "route"),
    counter("http_requests_total", "version", "method", "route", "status"),
    counter("model_call_outcomes_total", "version", "outcome"),
    histogram("model_request_histogram", "version"),
    summary("model_request_summary", "version"),
    counter("model_requests_total", "version"),
    counter("page_requests_total", "version"),
    counter("phishing_detection_total", "version"),
    gauge("phishing_rate", "version"),
    counter("process_cpu_seconds_total", "version"),
    gauge("process_resident_memory_bytes", "version"),
    gauge("user_guess_status", "version"),
    counter("user_phishing_guess_total", "version"),
    gauge("user_phishing_guess_rate", "version"),
    counter("user_same_guess_total", "version"),
    gauge("user_same_guess_rate", "version"),
  ],
  "model-service": [
    counter("model_answers_total", "version", "mirrored", "verdict", "decided_by"),
    gauge("model_created_timestamp_seconds", "version"),
    histogram("model_http_request_duration_seconds", "route"),
    gauge("model_info", "version", "name", "model_version", "contract", "sha256"),
    counter("model_phishing_detection_total", "version", "mirrored"),
    gauge("model_phishing_rate", "version", "mirrored"),
    histogram("model_probability", "version", "mirrored"),
    gauge("model_ready"),
    gauge("model_reference_share", "version", "of", "le"),
    counter("model_swaps_total", "outcome"),
    histogram("model_url_characters", "version", "mirrored"),
    counter("requests_to_model_total", "version", "mirrored"),
  ],
  "shadow-report": [
    gauge("shadow_agreement_ratio", "bound"),
    histogram("shadow_latency_seconds", "role"),
    counter("shadow_pairs_total", "live", "mirror", "agreed"),
    counter("shadow_requests_total", "outcome"),
    gauge("shadow_verdict", "verdict"),
  ],
};

const ISTIO_LABELS = [
  "reporter",
  "source_workload",
  "destination_service_name",
  "destination_version",
  "destination_workload",
  "response_code",
  "response_flags",
];

/** What others count. Istio, kube-state-metrics, Argo CD: their documentation of metrics. Limiter: its default_mapper.yaml. */
export const THIRD_PARTY_METRICS: readonly KnownMetric[] = [
  gauge("up"),
  gauge("argocd_app_info", "name", "sync_status", "health_status"),
  counter("istio_requests_total", ...ISTIO_LABELS),
  histogram("istio_request_duration_milliseconds", ...ISTIO_LABELS),
  gauge("citadel_server_root_cert_expiry_timestamp"),
  gauge("kube_deployment_status_replicas_available", "deployment"),
  counter("ratelimit_service_rate_limit_total_hits", "domain", "key1", "key2"),
  counter("ratelimit_service_rate_limit_over_limit", "domain", "key1", "key2"),
  counter("ratelimit_service_rate_limit_near_limit", "domain", "key1", "key2"),
  counter("ratelimit_service_should_rate_limit_error", "err_type"),
  histogram("ratelimit_service_response_time_seconds", "grpc_method"),
];

/** Labels that Prometheus gives every series that it scrapes from a Service or a pod. */
export const TARGET_LABELS = [
  "job",
  "instance",
  "namespace",
  "pod",
  "service",
  "container",
  "endpoint",
];

/** The series of each metric, by name, with its labels: a histogram has three, a summary two. */
export function listSeries(metrics: readonly KnownMetric[]): Map<string, readonly string[]> {
  return new Map(
    metrics.flatMap(({ name, type, labels }): [string, readonly string[]][] => {
      if (type === "histogram") {
        return [
          [`${name}_bucket`, [...labels, "le"]],
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ];
      }
      if (type === "summary")
        return [
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ];
      return [[name, labels]];
    }),
  );
}

/** All that is known without the recording rules of a tree. */
export const KNOWN_SERIES: ReadonlyMap<string, readonly string[]> = listSeries([
  ...Object.values(PROGRAM_METRICS).flat(),
  ...THIRD_PARTY_METRICS,
]);
