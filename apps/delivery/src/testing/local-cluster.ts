/** What a cluster on this machine has counted. */
export interface LocalCounts {
  readonly stable: { readonly requests: number; readonly errors: number };
  readonly canary: { readonly requests: number; readonly errors: number };
  readonly shadow?: "promote" | "keep_watching" | "reject";
}

const GATEWAY = 'reporter="source",source_workload="istio-ingressgateway"';

/** Renders counts in the text format, as the gateway and shadow-report of a cluster do. */
export function renderCounts({ stable, canary, shadow }: LocalCounts): string {
  const versions = [
    ["v1", stable],
    ["v2", canary],
  ] as const;
  const lines = versions.flatMap(([version, { requests, errors }]) => {
    const labels = `${GATEWAY},destination_version="${version}"`;
    return [
      `istio_requests_total{${labels},response_code="200"} ${requests - errors}`,
      `istio_requests_total{${labels},response_code="503"} ${errors}`,
      `istio_request_duration_milliseconds_bucket{${labels},le="500"} ${requests}`,
      `istio_request_duration_milliseconds_count{${labels}} ${requests}`,
    ];
  });
  const verdict = shadow === undefined ? [] : [`shadow_verdict{verdict="${shadow}"} 1`];
  return `# TYPE istio_requests_total counter\n${[...lines, ...verdict].join("\n")}\n`;
}

/** The part of a local cluster that a judge asks. */
export function serveCounts(read: () => LocalCounts) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/_local/metrics") return new Response(renderCounts(read()));
      if (pathname === "/_local/api/state") return Response.json({ workloads: [] });
      return new Response(null, { status: 404 });
    },
  });
  return { url: server.url.origin, stop: () => server.stop(true) };
}
