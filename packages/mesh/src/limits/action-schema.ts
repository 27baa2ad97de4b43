import { z } from "zod";
import { Regex as SafeRegex } from "../schema/values.ts";
import { isOneOf, message, ProtoInt } from "./proto.ts";

// envoy.config.route.v3.RateLimit, as VIRTUAL_HOST and HTTP_ROUTE patches hold it.

const Regex = message({
  // Empty, and the default; Envoy has no other engine.
  google_re2: z.unknown().optional(),
  regex: SafeRegex,
});

/** envoy.type.matcher.v3.StringMatcher less its extensions. */
const StringMatcher = message({
  exact: z.string().optional(),
  prefix: z.string().min(1).optional(),
  suffix: z.string().min(1).optional(),
  contains: z.string().min(1).optional(),
  safe_regex: Regex.optional(),
  ignore_case: z.boolean().default(false),
}).refine(
  ({ ignore_case: _, ...pattern }) => isOneOf(pattern),
  "Expected one of exact, prefix, suffix, contains and safe_regex",
);
export type StringMatcher = z.infer<typeof StringMatcher>;

export const HeaderMatcher = message({
  name: z.string().min(1),
  exact_match: z.string().optional(),
  safe_regex_match: Regex.optional(),
  range_match: message({ start: ProtoInt.default(0), end: ProtoInt.default(0) }).optional(),
  present_match: z.boolean().optional(),
  prefix_match: z.string().min(1).optional(),
  suffix_match: z.string().min(1).optional(),
  contains_match: z.string().min(1).optional(),
  string_match: StringMatcher.optional(),
  invert_match: z.boolean().default(false),
  treat_missing_header_as_empty: z.boolean().default(false),
}).refine(
  ({ name: _, invert_match: _i, treat_missing_header_as_empty: _t, ...specifier }) =>
    Object.values(specifier).filter((one) => one !== undefined).length <= 1,
  "Expected at most one way to match",
);
export type HeaderMatcher = z.infer<typeof HeaderMatcher>;

export const QueryMatcher = message({
  name: z.string().min(1),
  string_match: StringMatcher.optional(),
  present_match: z.boolean().optional(),
}).refine(
  ({ string_match, present_match }) => string_match === undefined || present_match === undefined,
  "Expected one of string_match and present_match",
);
export type QueryMatcher = z.infer<typeof QueryMatcher>;

const MetadataKey = message({
  key: z.string().min(1),
  path: z.array(message({ key: z.string().min(1) })).min(1),
});
export type MetadataKey = z.infer<typeof MetadataKey>;

const Empty = message({});

export const Action = message({
  source_cluster: Empty.optional(),
  destination_cluster: Empty.optional(),
  remote_address: Empty.optional(),
  masked_remote_address: message({
    v4_prefix_mask_len: ProtoInt.pipe(z.int().min(0).max(32)).default(32),
    v6_prefix_mask_len: ProtoInt.pipe(z.int().min(0).max(128)).default(128),
  }).optional(),
  request_headers: message({
    header_name: z.string().min(1),
    descriptor_key: z.string().min(1),
    skip_if_absent: z.boolean().default(false),
  }).optional(),
  query_parameters: message({
    query_parameter_name: z.string().min(1),
    descriptor_key: z.string().min(1),
    skip_if_absent: z.boolean().default(false),
  }).optional(),
  generic_key: message({
    descriptor_value: z.string().min(1),
    descriptor_key: z.string().default(""),
  }).optional(),
  header_value_match: message({
    descriptor_key: z.string().default(""),
    descriptor_value: z.string().min(1),
    expect_match: z.boolean().default(true),
    headers: z.array(HeaderMatcher).min(1),
  }).optional(),
  query_parameter_value_match: message({
    descriptor_key: z.string().default(""),
    descriptor_value: z.string().min(1),
    expect_match: z.boolean().default(true),
    query_parameters: z.array(QueryMatcher).min(1),
  }).optional(),
  metadata: message({
    descriptor_key: z.string().min(1),
    metadata_key: MetadataKey,
    default_value: z.string().default(""),
    source: z.enum(["DYNAMIC", "ROUTE_ENTRY"]).default("DYNAMIC"),
    skip_if_absent: z.boolean().default(false),
  }).optional(),
}).refine(isOneOf, "Expected exactly one kind of action");
export type Action = z.infer<typeof Action>;

/** One list of actions: one descriptor. */
export const RateLimitEntry = message({
  stage: ProtoInt.pipe(z.int().min(0).max(10)).default(0),
  // Read from Envoy's runtime, which Istio leaves at its default: on.
  disable_key: z.string().optional(),
  actions: z.array(Action).min(1),
  // Without the metadata, which no modelled filter sets, Envoy sends no override.
  limit: message({ dynamic_metadata: message({ metadata_key: MetadataKey }) }).optional(),
});
export type RateLimitEntry = z.infer<typeof RateLimitEntry>;
