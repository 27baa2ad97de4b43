import { z } from "zod";
import { message, ProtoDuration, ProtoInt, typeUrl } from "./proto.ts";

// envoy.extensions.filters.http.ratelimit.v3.RateLimit, as far as it is modelled.

/** The names that the JSON form of envoy.type.v3.StatusCode uses for the statuses that limits have. */
const STATUS_NAMES: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  PaymentRequired: 402,
  Forbidden: 403,
  NotFound: 404,
  RequestTimeout: 408,
  Conflict: 409,
  TooManyRequests: 429,
  InternalServerError: 500,
  NotImplemented: 501,
  BadGateway: 502,
  ServiceUnavailable: 503,
  GatewayTimeout: 504,
};

const StatusCode = z.union([
  z.int().min(100).max(599),
  z
    .string()
    .refine((name) => name in STATUS_NAMES, "Expected a status as a number")
    .transform((name) => STATUS_NAMES[name] ?? 0),
]);
const HttpStatus = message({ code: StatusCode });

/** A header's value; Envoy would fill in %COMMANDS%. */
const HeaderText = z
  .string()
  .refine(
    (text) => !text.replaceAll("%%", "").includes("%"),
    "Commands like %THIS% are not modelled",
  )
  .transform((text) => text.replaceAll("%%", "%"));

const APPEND_ACTIONS = [
  "APPEND_IF_EXISTS_OR_ADD",
  "ADD_IF_ABSENT",
  "OVERWRITE_IF_EXISTS_OR_ADD",
  "OVERWRITE_IF_EXISTS",
] as const;

/** envoy.config.core.v3.HeaderValueOption, with what a value may hold. */
export function headerValueOption(text: z.ZodType<string, string>) {
  return message({
    header: message({ key: z.string().min(1), value: text.default("") }),
    append: z.boolean().optional(),
    append_action: z.enum(APPEND_ACTIONS).optional(),
  }).transform(({ header, append, append_action }) => ({
    name: header.key.toLowerCase(),
    value: header.value,
    action: append_action ?? (append === false ? APPEND_ACTIONS[2] : APPEND_ACTIONS[0]),
  }));
}

const Service = message({
  transport_api_version: z.literal("V3").optional(),
  grpc_service: message({
    envoy_grpc: message({ cluster_name: z.string().min(1), authority: z.string().optional() }),
  }),
});

export const RateLimitFilter = message({
  "@type": typeUrl("envoy.extensions.filters.http.ratelimit.v3.RateLimit"),
  domain: z.string().min(1),
  stage: ProtoInt.pipe(z.int().min(0).max(10)).default(0),
  // Whether a request is internal depends on addresses that Envoy trusts: only "both" is modelled.
  request_type: z.enum(["both", ""]).default("both"),
  timeout: ProtoDuration.default(20),
  failure_mode_deny: z.boolean().default(false),
  rate_limit_service: Service,
  enable_x_ratelimit_headers: z.enum(["OFF", "DRAFT_VERSION_03"]).default("OFF"),
  disable_x_envoy_ratelimited_header: z.boolean().default(false),
  rate_limited_status: HttpStatus.optional(),
  response_headers_to_add: z.array(headerValueOption(HeaderText)).default([]),
  status_on_error: HttpStatus.optional(),
  stat_prefix: z.string().optional(),
});
export type RateLimitFilter = z.infer<typeof RateLimitFilter>;
