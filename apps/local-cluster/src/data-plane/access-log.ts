/** One request, with the names of Istio's JSON access log (those that have a meaning here). */
export interface AccessLogEntry {
  /** ISO 8601. */
  readonly start_time: string;
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly protocol: "HTTP/1.1";
  /** 0: the client left before an answer. */
  readonly response_code: number;
  /** Envoy's flags, as "UF,URX"; "-" for none. */
  readonly response_flags: string;
  readonly response_code_details: string;
  readonly bytes_received: number;
  readonly bytes_sent: number;
  /** In ms. */
  readonly duration: number;
  /** In ms; undefined where no pod answered. */
  readonly upstream_service_time: number | undefined;
  readonly x_forwarded_for: string | undefined;
  readonly user_agent: string | undefined;
  readonly request_id: string | undefined;
  /** "127.0.0.1:port" of the pod. */
  readonly upstream_host: string | undefined;
  readonly upstream_cluster: string | undefined;
  readonly upstream_pod: string | undefined;
  readonly downstream_remote_address: string;
  readonly route_name: string | undefined;
  /** Which proxy: "gateway", or the caller's workload. */
  readonly source: string;
  readonly attempts: number;
}
