import type { Retries } from "@hookline/mesh";
import type { HeaderList } from "./http/header-list.ts";
import type { UpstreamFailure } from "./upstream-connection.ts";

/** Envoy's back-off: base interval 25 ms, at most ten times that. */
const BASE_MS = 25;
const MAX_MS = 250;

const GRPC_CODES: Readonly<Record<string, string>> = {
  cancelled: "1",
  "deadline-exceeded": "4",
  internal: "13",
  "resource-exhausted": "8",
  unavailable: "14",
};

/** How a try failed: a failure of the connection, or its own timeout. */
export type TryFailure = UpstreamFailure | "try-timeout";

/** Whether another try is wanted after a failure. `wasSent`: a part of the request went out. Envoy's wouldRetryFromReset(). */
export function isRetriableFailure(
  { retryOn }: Retries,
  { failure, wasSent }: { readonly failure: TryFailure; readonly wasSent: boolean },
): boolean {
  const isConnect = failure === "connect" || failure === "connect-timeout";
  return retryOn.some(
    (one) =>
      one === "reset" ||
      one === "5xx" ||
      one === "gateway-error" ||
      (one === "reset-before-request" && !wasSent) ||
      (one === "connect-failure" && isConnect),
  );
}

/** Whether another try is wanted after an answer. Envoy's wouldRetryFromHeaders(). */
export function isRetriableAnswer(
  { retryOn }: Retries,
  status: number,
  headers: HeaderList,
): boolean {
  const grpc = headers.get("grpc-status");
  return retryOn.some(
    (one) =>
      (one === "5xx" && status >= 500) ||
      (one === "gateway-error" && status >= 502 && status <= 504) ||
      (one === "retriable-4xx" && status === 409) ||
      one === String(status) ||
      (grpc !== undefined && GRPC_CODES[one] === grpc),
  );
}

/** How long to wait before the given retry (1 is the first): full jitter. */
export function drawBackoff(retry: number, random: () => number): number {
  return random() * Math.min(MAX_MS, BASE_MS * (2 ** retry - 1));
}
