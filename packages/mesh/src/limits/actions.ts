import { isIP } from "node:net";
import type { MeshRequest } from "../types.ts";
import type { Action, MetadataKey, RateLimitEntry } from "./action-schema.ts";
import { maskAddress } from "./mask-address.ts";
import {
  type CompileRegex,
  compileHeaderMatcher,
  compileQueryMatcher,
  readHeader,
  readQuery,
} from "./matchers.ts";

/** What an action appends: an entry, nothing (the list goes on), or undefined (the list is not sent). */
type Appended = readonly [key: string, value: string] | "nothing" | undefined;
type Append = (request: MeshRequest, cluster: string) => Appended;

export interface CompileEntryOptions {
  /** The proxy's own service cluster. */
  readonly sourceCluster: string;
  /** "namespace/name" of the VirtualService whose route it is. */
  readonly virtualService: string | undefined;
  readonly regex: CompileRegex;
}

/** The descriptor of a request and its destination's cluster; undefined where none is sent. */
export type BuildDescriptor = (
  request: MeshRequest,
  cluster: string,
) => readonly (readonly [key: string, value: string])[] | undefined;

/**
 * A list of actions: each appends to the descriptor in order, and one that has nothing to append
 * keeps the whole descriptor from being sent, unless it is to be skipped
 * (`populateDescriptor` in Envoy's source/common/router/router_ratelimit.cc).
 */
export function compileEntry(
  { actions }: RateLimitEntry,
  options: CompileEntryOptions,
): BuildDescriptor {
  const appends = actions.map((action) => compileAction(action, options));
  return (request, cluster) => {
    const entries: (readonly [string, string])[] = [];
    for (const append of appends) {
      const appended = append(request, cluster);
      if (appended === undefined) return undefined;
      if (appended !== "nothing") entries.push(appended);
    }
    return entries;
  };
}

function compileAction(action: Action, options: CompileEntryOptions): Append {
  if (action.generic_key !== undefined) {
    const { descriptor_key, descriptor_value } = action.generic_key;
    const entry = [descriptor_key || "generic_key", descriptor_value] as const;
    return () => entry;
  }
  if (action.request_headers !== undefined) {
    const { header_name, descriptor_key, skip_if_absent } = action.request_headers;
    const name = header_name.toLowerCase();
    return (request) => appendValue(descriptor_key, readHeader(request, name), skip_if_absent);
  }
  if (action.query_parameters !== undefined) {
    const { query_parameter_name, descriptor_key, skip_if_absent } = action.query_parameters;
    return ({ path }) =>
      appendValue(descriptor_key, readQuery(path).get(query_parameter_name), skip_if_absent);
  }
  if (action.header_value_match !== undefined || action.query_parameter_value_match !== undefined) {
    return compileMatch(action, options.regex);
  }
  if (action.metadata !== undefined) return compileMetadata(action.metadata, options);
  if (action.source_cluster !== undefined) {
    const entry = ["source_cluster", options.sourceCluster] as const;
    return () => entry;
  }
  if (action.destination_cluster !== undefined) {
    return (_, cluster) => ["destination_cluster", cluster];
  }
  return compileAddress(action.masked_remote_address);
}

function appendValue(key: string, value: string | undefined, skip: boolean): Appended {
  if (value !== undefined) return [key, value];
  return skip ? "nothing" : undefined;
}

function compileMatch(action: Action, regex: CompileRegex): Append {
  const headers = action.header_value_match;
  if (headers !== undefined) {
    const tests = headers.headers.map((one) => compileHeaderMatcher(one, regex));
    const entry = [headers.descriptor_key || "header_match", headers.descriptor_value] as const;
    return (request) =>
      tests.every((test) => test(request)) === headers.expect_match ? entry : undefined;
  }
  const match = action.query_parameter_value_match;
  const tests = match?.query_parameters.map((one) => compileQueryMatcher(one, regex)) ?? [];
  const entry = [match?.descriptor_key || "query_match", match?.descriptor_value ?? ""] as const;
  return ({ path }) => {
    const query = readQuery(path);
    return tests.every((test) => test(query)) === match?.expect_match ? entry : undefined;
  };
}

/**
 * Dynamic metadata comes from filters, and none that is modelled sets any. Of a route's own Istio
 * sets the resource that it is from, and nothing else
 * (`AddConfigInfoMetadata` in istio/istio pilot/pkg/networking/util/util.go).
 */
function compileMetadata(
  {
    descriptor_key,
    metadata_key,
    default_value,
    source,
    skip_if_absent,
  }: NonNullable<Action["metadata"]>,
  { virtualService }: CompileEntryOptions,
): Append {
  const own = source === "ROUTE_ENTRY" ? readRouteMetadata(metadata_key, virtualService) : "";
  const value = own || default_value;
  const appended = appendValue(descriptor_key, value === "" ? undefined : value, skip_if_absent);
  return () => appended;
}

function readRouteMetadata({ key, path }: MetadataKey, virtualService: string | undefined): string {
  const isConfig = key === "istio" && path.length === 1 && path[0]?.key === "config";
  if (!isConfig || virtualService === undefined) return "";
  const [namespace, name] = virtualService.split("/");
  return `/apis/networking.istio.io/v1/namespaces/${namespace}/virtual-service/${name}`;
}

function compileAddress(mask: Action["masked_remote_address"]): Append {
  if (mask === undefined) {
    return ({ clientAddress }) =>
      isIP(clientAddress) === 0 ? undefined : ["remote_address", clientAddress];
  }
  const { v4_prefix_mask_len: v4, v6_prefix_mask_len: v6 } = mask;
  return ({ clientAddress }) => {
    const family = isIP(clientAddress);
    if (family === 0) return undefined;
    return ["masked_remote_address", maskAddress(clientAddress, family === 4 ? v4 : v6)];
  };
}
