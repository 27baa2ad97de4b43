import type { Descriptor } from "../types.ts";
import type { LimitUnit } from "./units.ts";

/** A descriptor with what the caller may say about it alone. */
export interface DescriptorCall {
  readonly entries: Descriptor;
  /** Instead of the configured limit. */
  readonly limit?: { readonly requestsPerUnit: number; readonly unit: LimitUnit };
  /** Instead of the call's; 0 asks without counting. */
  readonly hits?: number;
}

/** What the limiter says about one descriptor. */
export interface LimitStatus {
  readonly code: "OK" | "OVER_LIMIT";
  /** Absent where no rule counts: none is known, it is unlimited, or replaced. */
  readonly limit?: {
    readonly requestsPerUnit: number;
    readonly unit: LimitUnit;
    readonly name: string;
  };
  /** Of this window; 2³² − 1 for an unlimited rule. */
  readonly remaining: number;
  /** Until the window ends; 0 without a limit. */
  readonly resetSeconds: number;
  /** The rule's way, as "client=anonymous/remote_address". */
  readonly rule?: string;
}

/** What the limiter says about a call. */
export interface LimiterAnswer {
  readonly overall: "OK" | "OVER_LIMIT";
  /** One for each descriptor, in order. */
  readonly statuses: readonly LimitStatus[];
  /** x-ratelimit-limit, -remaining and -reset as Envoy's filter makes them; none without a limit. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}
