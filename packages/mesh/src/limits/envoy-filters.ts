import { z } from "zod";
import { MeshError } from "../errors.ts";
import { LabelMap, parseWith, type Resource, readKind } from "../resource.ts";
import type { JsonObject, Labels } from "../types.ts";
import { RateLimitEntry } from "./action-schema.ts";
import { RateLimitFilter } from "./filter-schema.ts";
import { ConnectionManagerPatch, type LocalReplyConfig } from "./local-reply-schema.ts";
import { message } from "./proto.ts";

// https://istio.io/latest/docs/reference/config/networking/envoy-filter/

const CONNECTION_MANAGER = "envoy.filters.network.http_connection_manager";
const RATE_LIMIT = "envoy.filters.http.ratelimit";
const ROUTER = "envoy.filters.http.router";

const ListenerMatch = z.strictObject({
  portNumber: z.int().optional(),
  filterChain: z
    .strictObject({
      filter: z
        .strictObject({
          name: z.string().min(1),
          subFilter: z.strictObject({ name: z.string().min(1) }).optional(),
        })
        .optional(),
    })
    .optional(),
});

const RouteMatch = z.strictObject({
  name: z.string().optional(),
  portNumber: z.int().optional(),
  portName: z.string().optional(),
  gateway: z.string().optional(),
  vhost: z
    .strictObject({
      name: z.string().optional(),
      domainName: z.string().optional(),
      route: z
        .strictObject({
          name: z.string().optional(),
          action: z.enum(["ANY", "ROUTE", "REDIRECT", "DIRECT_RESPONSE"]).default("ANY"),
        })
        .optional(),
    })
    .optional(),
});
export type RouteMatch = z.infer<typeof RouteMatch>;

const Context = z.enum(["ANY", "GATEWAY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND"]).default("ANY");
export type PatchContext = z.infer<typeof Context>;

const ConfigPatch = z.strictObject({
  applyTo: z.string(),
  match: z
    .strictObject({
      context: Context,
      listener: ListenerMatch.optional(),
      routeConfiguration: RouteMatch.optional(),
    })
    .default({ context: "ANY" }),
  patch: z.strictObject({ operation: z.string(), value: z.unknown().optional() }),
});
type ConfigPatch = z.infer<typeof ConfigPatch>;

const EnvoyFilterSpec = z.strictObject({
  workloadSelector: z.strictObject({ labels: LabelMap.default({}) }).optional(),
  priority: z.int().default(0),
  configPatches: z.array(ConfigPatch).default([]),
});
type EnvoyFilterSpec = z.infer<typeof EnvoyFilterSpec>;

const RateLimits = z.array(RateLimitEntry).optional();
const VirtualHostPatch = message({ rate_limits: RateLimits });
const HttpRoutePatch = message({
  route: message({
    rate_limits: RateLimits,
    include_vh_rate_limits: z.boolean().optional(),
  }),
});

interface PatchBase {
  /** "EnvoyFilter/namespace/name". */
  readonly resource: string;
  /** The place of the patch, as "spec.configPatches[0]". */
  readonly field: string;
  readonly context: PatchContext;
}

/** A list of actions laid on virtual hosts or routes. */
export interface LimitsPatch extends PatchBase {
  readonly kind: "virtual-host" | "route";
  readonly match: RouteMatch | undefined;
  /** The lists of this patch stand instead of those of the patches before. */
  readonly replace: boolean;
  readonly entries: readonly RateLimitEntry[] | undefined;
  readonly includeVirtualHost: boolean | undefined;
}

/** A patch of the listener: the filter, or what the proxy's own answers look like. */
export type ListenerPatch = PatchBase & { readonly portNumber: number | undefined } & (
    | { readonly kind: "filter"; readonly filter: RateLimitFilter }
    | { readonly kind: "local-reply"; readonly replies: LocalReplyConfig }
  );

/** An EnvoyFilter whose every patch is understood. */
export interface LimitFilter {
  readonly namespace: string;
  readonly selector: Labels;
  readonly priority: number;
  readonly created: string;
  readonly name: string;
  readonly patches: readonly (LimitsPatch | ListenerPatch)[];
}

/**
 * The EnvoyFilters of an overlay. What they may do is the rate-limit filter, its lists of actions
 * and local replies; any other patch is refused with its name, because it may change anything.
 */
export function readEnvoyFilters(resources: readonly JsonObject[]): readonly LimitFilter[] {
  const found = readKind(resources, {
    group: "networking.istio.io",
    kind: "EnvoyFilter",
    spec: EnvoyFilterSpec,
  });
  return found.map((resource) => ({
    namespace: resource.namespace,
    selector: resource.spec.workloadSelector?.labels ?? {},
    priority: resource.spec.priority,
    created: resource.created,
    name: resource.name,
    patches: resource.spec.configPatches.map((patch, index) =>
      readPatch(resource, patch, `spec.configPatches[${index}]`),
    ),
  }));
}

function readPatch(
  { id }: Resource<EnvoyFilterSpec>,
  patch: ConfigPatch,
  field: string,
): LimitsPatch | ListenerPatch {
  const base = { resource: id, field, context: patch.match.context };
  switch (patch.applyTo) {
    case "HTTP_FILTER":
      return { ...base, ...readFilter(patch, base) };
    case "NETWORK_FILTER":
      return { ...base, ...readReplies(patch, base) };
    case "VIRTUAL_HOST":
    case "HTTP_ROUTE":
      return { ...base, ...readLimits(patch, base) };
    default:
      return refuse(`A patch of ${patch.applyTo} is not modelled`, base, "applyTo");
  }
}

function refuse(text: string, base: PatchBase, field: string, code?: "INVALID"): never {
  const options = { resource: base.resource, field: `${base.field}.${field}` };
  throw new MeshError(text, { code: code ?? "UNSUPPORTED", ...options });
}

/** Parses a patch's value; an error names the field from the resource on. */
function parseValue<Output>(
  schema: z.ZodType<Output>,
  { patch }: Pick<ConfigPatch, "patch">,
  { resource, field }: PatchBase,
): Output {
  const path = `${field}.patch.value`;
  const holder = z.object({ [path]: schema });
  const [parsed] = Object.values(parseWith(holder, { [path]: patch.value }, resource));
  if (parsed === undefined) throw new RangeError("A parsed value is missing");
  return parsed;
}

function readFilter({ match, patch }: ConfigPatch, base: PatchBase) {
  const { name } = parseValue(z.looseObject({ name: z.string() }), { patch }, base);
  if (name !== RATE_LIMIT) refuse(`The filter "${name}" is not modelled`, base, "patch.value.name");
  // Before the router, and so behind authorization, faults and CORS: the order that is modelled.
  const filter = match.listener?.filterChain?.filter;
  if (patch.operation !== "INSERT_BEFORE" || filter?.subFilter?.name !== ROUTER) {
    refuse(
      `${patch.operation} of "${filter?.subFilter?.name ?? ""}" is not modelled, wished: INSERT_BEFORE of "${ROUTER}"`,
      base,
      "patch.operation",
    );
  }
  if (filter.name !== CONNECTION_MANAGER) {
    refuse(
      `subfilter match requires filter match with ${CONNECTION_MANAGER}`,
      base,
      "match",
      "INVALID",
    );
  }
  const schema = message({ name: z.literal(RATE_LIMIT), typed_config: RateLimitFilter });
  const { typed_config } = parseValue(schema, { patch }, base);
  return {
    kind: "filter",
    portNumber: match.listener?.portNumber,
    filter: typed_config,
  } as const;
}

function readReplies(patch: ConfigPatch, base: PatchBase) {
  const { listener } = patch.match;
  const name = listener?.filterChain?.filter?.name;
  if (patch.patch.operation !== "MERGE" || name !== CONNECTION_MANAGER) {
    refuse(
      `${patch.patch.operation} of "${name ?? ""}" is not modelled, wished: MERGE into "${CONNECTION_MANAGER}"`,
      base,
      "patch.operation",
    );
  }
  const { typed_config } = parseValue(ConnectionManagerPatch, patch, base);
  const replies = typed_config.local_reply_config;
  return { kind: "local-reply", portNumber: listener?.portNumber, replies } as const;
}

function readLimits(patch: ConfigPatch, base: PatchBase) {
  const { operation } = patch.patch;
  if (operation !== "MERGE" && operation !== "MERGE_AND_REPLACE_LIST") {
    refuse(`${operation} is not modelled, wished: MERGE`, base, "patch.operation");
  }
  const shared = { match: patch.match.routeConfiguration, replace: operation !== "MERGE" };
  if (patch.applyTo === "VIRTUAL_HOST") {
    const { rate_limits } = parseValue(VirtualHostPatch, patch, base);
    return {
      ...shared,
      kind: "virtual-host",
      entries: rate_limits,
      includeVirtualHost: undefined,
    } as const;
  }
  const { rate_limits, include_vh_rate_limits } = parseValue(HttpRoutePatch, patch, base).route;
  return {
    ...shared,
    kind: "route",
    entries: rate_limits,
    includeVirtualHost: include_vh_rate_limits,
  } as const;
}
