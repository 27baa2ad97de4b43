import { z } from "zod";
import { LabelMap } from "../resource.ts";
import { Duration, PathMatch, Percent, Port, Regex, StringMatch, StringMatches } from "./values.ts";

// The fields of networking.istio.io VirtualService (istio/api, virtual_service.proto). A strict
// object refuses what is not listed: tls and tcp routes, gRPC aborts, statPrefix has no effect here.

const Destination = z.strictObject({
  host: z.string().min(1),
  subset: z.string().min(1).optional(),
  port: z.strictObject({ number: Port }).optional(),
});
export type DestinationSpec = z.infer<typeof Destination>;

const HeaderMap = z.record(z.string().min(1), z.string());
const Operations = z.strictObject({
  set: HeaderMap.optional(),
  add: HeaderMap.optional(),
  remove: z.array(z.string().min(1)).optional(),
});
export type OperationsSpec = z.infer<typeof Operations>;
const Headers = z.strictObject({ request: Operations.optional(), response: Operations.optional() });
export type HeadersSpec = z.infer<typeof Headers>;

const Match = z.strictObject({
  name: z.string().optional(),
  uri: PathMatch.optional(),
  scheme: StringMatch.optional(),
  method: StringMatch.optional(),
  authority: StringMatch.optional(),
  headers: StringMatches.optional(),
  withoutHeaders: StringMatches.optional(),
  queryParams: StringMatches.optional(),
  ignoreUriCase: z.boolean().optional(),
  port: Port.optional(),
  sourceLabels: LabelMap.optional(),
  sourceNamespace: z.string().optional(),
  gateways: z.array(z.string()).optional(),
  // A name for statistics; decides nothing.
  statPrefix: z.string().optional(),
});
export type MatchSpec = z.infer<typeof Match>;

const Weighted = z.strictObject({
  destination: Destination,
  weight: z.int32().min(0).optional(),
  headers: Headers.optional(),
});
export type WeightedSpec = z.infer<typeof Weighted>;

const Redirect = z.strictObject({
  uri: z.string().optional(),
  authority: z.string().optional(),
  port: Port.optional(),
  derivePort: z.enum(["FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"]).optional(),
  scheme: z.string().optional(),
  redirectCode: z.union([0, 301, 302, 303, 307, 308].map((code) => z.literal(code))).optional(),
});
export type RedirectSpec = z.infer<typeof Redirect>;

const DirectResponse = z.strictObject({
  status: z.int().min(200).max(599),
  body: z.strictObject({ string: z.string().optional(), bytes: z.base64().optional() }).optional(),
});

const Rewrite = z.strictObject({
  uri: z.string().optional(),
  authority: z.string().optional(),
  uriRegexRewrite: z.strictObject({ match: Regex, rewrite: z.string() }).optional(),
});

const Retry = z.strictObject({
  attempts: z.int32().min(0).default(0),
  perTryTimeout: Duration.optional(),
  retryOn: z.string().optional(),
});
export type RetrySpec = z.infer<typeof Retry>;

const Fault = z.strictObject({
  delay: z
    .strictObject({
      fixedDelay: Duration,
      percentage: Percent.optional(),
      percent: z.int().min(0).max(100).optional(),
    })
    .optional(),
  abort: z
    .strictObject({ httpStatus: z.int().min(200).max(599), percentage: Percent.optional() })
    .optional(),
});

const Cors = z.strictObject({
  allowOrigins: z.array(StringMatch).optional(),
  allowMethods: z.array(z.string()).optional(),
  allowHeaders: z.array(z.string()).optional(),
  exposeHeaders: z.array(z.string()).optional(),
  maxAge: Duration.optional(),
  allowCredentials: z.boolean().optional(),
  unmatchedPreflights: z.enum(["UNSPECIFIED", "FORWARD", "IGNORE"]).optional(),
});
export type CorsSpec = z.infer<typeof Cors>;

const MirrorPolicy = z.strictObject({
  destination: Destination,
  percentage: Percent.optional(),
});

const Route = z.strictObject({
  name: z.string().optional(),
  match: z.array(Match).optional(),
  route: z.array(Weighted).optional(),
  redirect: Redirect.optional(),
  directResponse: DirectResponse.optional(),
  delegate: z
    .strictObject({ name: z.string().optional(), namespace: z.string().optional() })
    .optional(),
  rewrite: Rewrite.optional(),
  timeout: Duration.optional(),
  retries: Retry.optional(),
  fault: Fault.optional(),
  mirror: Destination.optional(),
  mirrorPercentage: Percent.optional(),
  mirrors: z.array(MirrorPolicy).optional(),
  corsPolicy: Cors.optional(),
  headers: Headers.optional(),
});
export type RouteSpec = z.infer<typeof Route>;

export const VirtualServiceSpec = z.strictObject({
  hosts: z.array(z.string().min(1)).optional(),
  gateways: z.array(z.string().min(1)).optional(),
  http: z.array(Route).optional(),
  exportTo: z.array(z.string().min(1)).optional(),
});
export type VirtualServiceSpec = z.infer<typeof VirtualServiceSpec>;
