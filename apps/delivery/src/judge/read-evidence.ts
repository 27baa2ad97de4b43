import { type Counts, SLOW_MS } from "./judge-canary.ts";
import type { Labels, MetricsSource } from "./metrics-source.ts";

/** What shadow-report says of the model in the shadow; undefined where it says nothing. */
export type ShadowVerdict = "promote" | "keep watching" | "reject";

export interface Evidence {
  readonly canary: Counts;
  readonly stable: Counts;
  readonly shadow: ShadowVerdict | undefined;
}

const GATEWAY: Labels = { reporter: "source", source_workload: "istio-ingressgateway" };
const SERVER_ERRORS = ["500", "501", "502", "503", "504"];
const DURATION = "istio_request_duration_milliseconds";
const VERDICTS = ["promote", "keep watching", "reject"] as const satisfies ShadowVerdict[];

/** Reads what the gateway, the pages and shadow-report have counted. */
export async function readEvidence(source: MetricsSource): Promise<Evidence> {
  const [stable, canary] = [await readCounts(source, "v1"), await readCounts(source, "v2")];
  for (const verdict of VERDICTS) {
    const label = verdict.replace(" ", "_");
    if ((await source.readGauge("shadow_verdict", { verdict: label })) === 1) {
      return { canary, stable, shadow: verdict };
    }
  }
  return { canary, stable, shadow: undefined };
}

async function readCounts({ readIncrease }: MetricsSource, version: string): Promise<Counts> {
  const app: Labels = { ...GATEWAY, destination_version: version };
  const checks = (guess: string, verdict: string) =>
    readIncrease("experiment_checks_total", { version, guess, verdict });
  const requests = await readIncrease("istio_requests_total", app);
  const errors = await readIncrease("istio_requests_total", {
    ...app,
    response_code: SERVER_ERRORS,
  });
  const timed = await readIncrease(`${DURATION}_count`, app);
  // Prometheus 3 writes a whole bound with a fraction, Prometheus 2 and our gateway without (prometheus/prometheus#14485).
  const bounds = [`${SLOW_MS}`, `${SLOW_MS}.0`];
  const quick = await readIncrease(`${DURATION}_bucket`, { ...app, le: bounds });
  const agreed =
    (await checks("phishing", "Phishing")) + (await checks("legitimate", "Legitimate"));
  const disagreed =
    (await checks("phishing", "Legitimate")) + (await checks("legitimate", "Phishing"));
  return {
    requests,
    // Counters that are scraped one after the other may be a request apart.
    errors: Math.min(errors, requests),
    timed,
    slow: Math.min(Math.max(0, timed - quick), timed),
    compared: agreed + disagreed,
    disagreed,
  };
}
