import type { LimitCall } from "@hookline/mesh";
import type { LocalReply } from "./local-reply.ts";

/** What a limiter says about a call; createLimiter() of mesh gives it. */
export interface LimiterAnswer {
  readonly overall: "OK" | "OVER_LIMIT";
  /** One for each descriptor, in order. */
  readonly statuses: readonly {
    readonly code: "OK" | "OVER_LIMIT";
    readonly limit?: { readonly requestsPerUnit: number; readonly unit: string };
    readonly remaining: number;
    readonly resetSeconds: number;
    readonly rule?: string;
  }[];
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type AskLimiter = (call: LimitCall) => LimiterAnswer | Promise<LimiterAnswer>;

/** What the limiter's answer means for a request. */
export type Verdict =
  | {
      readonly kind: "pass";
      readonly answer: LimiterAnswer;
      readonly headers: LimiterAnswer["headers"];
    }
  | { readonly kind: "reply"; readonly answer: LimiterAnswer; readonly reply: LocalReply }
  | { readonly kind: "error" };

const ERROR: Verdict = { kind: "error" };

/** Asks; a limiter that throws or is too slow is an "error". Synchronous when the limiter is. */
export function askLimiter(ask: AskLimiter, call: LimitCall): Verdict | Promise<Verdict> {
  try {
    const answer = ask(call);
    return answer instanceof Promise ? waitFor(answer, call) : judge(answer, call);
  } catch {
    return ERROR;
  }
}

async function waitFor(answer: Promise<LimiterAnswer>, call: LimitCall): Promise<Verdict> {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const timer = setTimeout(resolve, call.timeoutMs, ERROR);
  answer.then(
    (given) => resolve(judge(given, call)),
    () => resolve(ERROR),
  );
  const verdict = await promise;
  clearTimeout(timer);
  return verdict;
}

function judge(answer: LimiterAnswer, call: LimitCall): Verdict {
  const shown = call.xRateLimitHeaders ? answer.headers : [];
  if (answer.overall === "OK") return { kind: "pass", answer, headers: shown };
  const added = call.responseHeadersToAdd
    .filter(({ action }) => action !== "OVERWRITE_IF_EXISTS")
    .map(({ name, value }) => [name.toLowerCase(), value] as const);
  const limited = call.limitedHeader ? [["x-envoy-ratelimited", "true"] as const] : [];
  return {
    kind: "reply",
    answer,
    reply: {
      status: call.status,
      body: "",
      headers: [...limited, ...shown, ...added],
      flag: "RL",
      details: "request_rate_limited",
    },
  };
}

/** What a request gets when the limiter does not answer and the filter says failure_mode_deny. */
export function limiterFailed(call: LimitCall): LocalReply {
  return { status: call.statusOnError, body: "", flag: "RLSE", details: "rate_limiter_error" };
}
