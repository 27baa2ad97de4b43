import type { LocalReply } from "./local-reply.ts";
import { UPSTREAM_TIMEOUT } from "./local-reply.ts";
import type { TryFailure } from "./retry.ts";

const CAUSES: Readonly<
  Record<
    Exclude<TryFailure, "try-timeout">,
    { readonly text: string; readonly flag: string; readonly status: number }
  >
> = {
  connect: { text: "remote connection failure", flag: "UF", status: 503 },
  "connect-timeout": { text: "connection timeout", flag: "UF", status: 503 },
  reset: { text: "connection termination", flag: "UC", status: 503 },
  protocol: { text: "protocol error", flag: "UPE", status: 502 },
};

/** What outlier detection takes the failure for. */
export function statusOfFailure(failure: TryFailure): number {
  return failure === "try-timeout" ? 504 : CAUSES[failure].status;
}

/** Envoy's answer when no pod gave one; "URX" says that the retries are used up. */
export function describeFailure(
  failure: TryFailure,
  { attempts, isExhausted }: { readonly attempts: number; readonly isExhausted: boolean },
): LocalReply {
  const end = isExhausted ? ",URX" : "";
  if (failure === "try-timeout") return { ...UPSTREAM_TIMEOUT, flag: `UT${end}` };
  const { text, flag, status } = CAUSES[failure];
  const how = attempts > 1 ? "retried and the latest reset reason" : "reset reason";
  return {
    status,
    body: `upstream connect error or disconnect/reset before headers. ${how}: ${text}`,
    flag: `${flag}${end}`,
    details: `upstream_reset_before_response_started{${text.replaceAll(" ", "_")}}`,
  };
}
