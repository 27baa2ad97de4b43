import { z } from "zod";
import { Port } from "../schema/values.ts";

// gateway.networking.k8s.io/v1: https://gateway-api.sigs.k8s.io/reference/spec/

const ObjectName = z.string().min(1);

/** A duration of the Gateway API (GEP-2257): "10s", "1h30m", "250ms". */
const Duration = z.string().regex(/^(\d{1,5}(h|m|s|ms)){1,4}$/, 'Expected a duration like "10s"');

const Path = z.strictObject({
  type: z.enum(["Exact", "PathPrefix", "RegularExpression"]).default("PathPrefix"),
  value: z.string().startsWith("/").default("/"),
});

const NamedMatch = z.strictObject({
  type: z.enum(["Exact", "RegularExpression"]).default("Exact"),
  name: z.string().min(1),
  value: z.string(),
});
export type NamedMatch = z.infer<typeof NamedMatch>;

const Match = z.strictObject({
  path: Path.default({ type: "PathPrefix", value: "/" }),
  headers: z.array(NamedMatch).default([]),
  queryParams: z.array(NamedMatch).default([]),
  method: z.string().optional(),
});
export type HttpRouteMatch = z.infer<typeof Match>;

const BackendObject = z.strictObject({
  group: z.literal("").default(""),
  kind: z.literal("Service").default("Service"),
  name: ObjectName,
  namespace: z.string().optional(),
  port: Port,
});
export type BackendObject = z.infer<typeof BackendObject>;

const HeaderValues = z.array(z.strictObject({ name: z.string().min(1), value: z.string() }));
const HeaderModifier = z.strictObject({
  set: HeaderValues.optional(),
  add: HeaderValues.optional(),
  remove: z.array(z.string()).optional(),
});
export type HeaderModifier = z.infer<typeof HeaderModifier>;

const PathModifier = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ReplaceFullPath"), replaceFullPath: z.string() }),
  z.strictObject({ type: z.literal("ReplacePrefixMatch"), replacePrefixMatch: z.string() }),
]);
export type PathModifier = z.infer<typeof PathModifier>;

const RequestRedirect = z.strictObject({
  scheme: z.enum(["http", "https"]).optional(),
  hostname: z.string().optional(),
  path: PathModifier.optional(),
  port: Port.optional(),
  statusCode: z.union([301, 302, 303, 307, 308].map((code) => z.literal(code))).default(302),
});
export type RequestRedirect = z.infer<typeof RequestRedirect>;

const UrlRewrite = z.strictObject({
  hostname: z.string().optional(),
  path: PathModifier.optional(),
});
export type UrlRewrite = z.infer<typeof UrlRewrite>;

const RequestMirror = z
  .strictObject({
    backendRef: BackendObject,
    percent: z.int().min(0).max(100).optional(),
    fraction: z
      .strictObject({ numerator: z.int().min(0), denominator: z.int().min(1).default(100) })
      .refine(({ numerator, denominator }) => numerator <= denominator, "Expected at most 1")
      .optional(),
  })
  .refine(({ percent, fraction }) => percent === undefined || fraction === undefined, {
    message: "Expected percent or fraction",
  });
export type RequestMirror = z.infer<typeof RequestMirror>;

const HeaderFilters = [
  z.strictObject({
    type: z.literal("RequestHeaderModifier"),
    requestHeaderModifier: HeaderModifier,
  }),
  z.strictObject({
    type: z.literal("ResponseHeaderModifier"),
    responseHeaderModifier: HeaderModifier,
  }),
] as const;
const HeaderFilter = z.discriminatedUnion("type", HeaderFilters);

const Filter = z.discriminatedUnion("type", [
  ...HeaderFilters,
  z.strictObject({ type: z.literal("RequestRedirect"), requestRedirect: RequestRedirect }),
  z.strictObject({ type: z.literal("URLRewrite"), urlRewrite: UrlRewrite }),
  z.strictObject({ type: z.literal("RequestMirror"), requestMirror: RequestMirror }),
]);
export type HttpRouteFilter = z.infer<typeof Filter>;

const Rule = z.strictObject({
  name: z.string().optional(),
  matches: z
    .array(Match)
    .min(1)
    .default([{ path: { type: "PathPrefix", value: "/" }, headers: [], queryParams: [] }]),
  filters: z.array(Filter).default([]),
  backendRefs: z
    .array(
      BackendObject.extend({
        weight: z.int().min(0).max(1_000_000).default(1),
        filters: z.array(HeaderFilter).default([]),
      }),
    )
    .default([]),
  timeouts: z
    .strictObject({ request: Duration.optional(), backendRequest: Duration.optional() })
    .default({}),
  retry: z
    .strictObject({
      codes: z.array(z.int().min(400).max(599)).default([]),
      attempts: z.int().min(0).default(2),
    })
    .optional(),
});
export type HttpRouteRule = z.infer<typeof Rule>;

const ParentRef = z.strictObject({
  group: z.string().default("gateway.networking.k8s.io"),
  kind: z.string().default("Gateway"),
  name: ObjectName,
  namespace: z.string().optional(),
  sectionName: z.string().optional(),
  port: Port.optional(),
});
export type ParentRef = z.infer<typeof ParentRef>;

export const HttpRouteSpec = z.strictObject({
  parentRefs: z.array(ParentRef).default([]),
  hostnames: z.array(z.string().min(1)).default([]),
  rules: z
    .array(Rule)
    .default([])
    // A route without rules has one that takes everything and has no backend.
    .transform((rules) => (rules.length === 0 ? [Rule.parse({})] : rules)),
});
export type HttpRouteSpec = z.infer<typeof HttpRouteSpec>;

const Listener = z.looseObject({
  name: ObjectName,
  hostname: z.string().optional(),
  port: Port,
  protocol: z.string(),
  allowedRoutes: z
    .strictObject({
      namespaces: z
        .strictObject({ from: z.enum(["All", "Same", "None"]).default("Same") })
        .optional(),
      kinds: z.array(z.looseObject({ kind: z.string() })).optional(),
    })
    .optional(),
});
export type Listener = z.infer<typeof Listener>;

export const GatewayApiSpec = z.looseObject({
  gatewayClassName: z.string(),
  listeners: z.array(Listener).min(1),
  // A gateway that runs already is named by its Service.
  addresses: z
    .array(z.looseObject({ type: z.string().default("IPAddress"), value: z.string() }))
    .default([]),
});
export type GatewayApiSpec = z.infer<typeof GatewayApiSpec>;
