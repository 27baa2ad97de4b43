import { z } from "zod";
import { HeaderMatcher } from "./action-schema.ts";
import { headerValueOption } from "./filter-schema.ts";
import { isOneOf, message, ProtoInt, typeUrl } from "./proto.ts";

// The local_reply_config of Envoy's HTTP connection manager, as far as it is modelled.

const Comparison = message({
  op: z.enum(["EQ", "GE", "LE", "NE"]).default("EQ"),
  value: message({ default_value: ProtoInt, runtime_key: z.string().optional() }),
});

const Leaf = {
  status_code_filter: message({ comparison: Comparison }).optional(),
  response_flag_filter: message({ flags: z.array(z.string()).default([]) }).optional(),
  header_filter: message({ header: HeaderMatcher }).optional(),
};

/** envoy.config.accesslog.v3.AccessLogFilter: exactly one of its fields. */
export interface ReplyFilter
  extends Readonly<{ [Field in keyof typeof Leaf]?: z.infer<(typeof Leaf)[Field]> }> {
  readonly and_filter?: { readonly filters: readonly ReplyFilter[] } | undefined;
  readonly or_filter?: { readonly filters: readonly ReplyFilter[] } | undefined;
}

const Filter: z.ZodType<ReplyFilter> = z.lazy(() => {
  const Several = message({ filters: z.array(Filter).min(2) }).optional();
  return message({ ...Leaf, and_filter: Several, or_filter: Several }).refine(
    isOneOf,
    "Expected exactly one kind of filter",
  );
});

/** Envoy has a hundred commands; these say something of a reply of its own. */
export const COMMANDS =
  /%(?:%|LOCAL_REPLY_BODY%|RESPONSE_CODE%|RESPONSE_FLAGS%|RESP\(([!#$&'*+.^_`|~0-9A-Za-z-]+)\)%)/g;

/** Of them, what a header that is added may hold: Envoy has the answer's headers at hand then, and no body. */
export const HEADER_COMMANDS = /%(?:%|RESP\(([!#$&'*+.^_`|~0-9A-Za-z-]+)\)%)/g;

const ReplyHeader = headerValueOption(
  z
    .string()
    .refine(
      (text) => !text.replaceAll(HEADER_COMMANDS, "").includes("%"),
      "Modelled is %RESP(NAME)%, and no other command",
    ),
);

/** Whether no text in a value holds another command. */
function hasKnownCommands(value: unknown): boolean {
  if (typeof value === "string") return !value.replaceAll(COMMANDS, "").includes("%");
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(hasKnownCommands);
}

const DataSource = message({ inline_string: z.string() });

const Format = message({
  text_format: z.string().optional(),
  text_format_source: DataSource.optional(),
  json_format: z.record(z.string(), z.json()).optional(),
  content_type: z.string().optional(),
  omit_empty_values: z.literal(false).optional(),
})
  .refine(
    ({ content_type: _, omit_empty_values: _o, ...format }) => isOneOf(format),
    "Expected exactly one format",
  )
  .refine(
    hasKnownCommands,
    "Modelled are %LOCAL_REPLY_BODY%, %RESP(NAME)%, %RESPONSE_CODE% and %RESPONSE_FLAGS%, and no other command",
  );
export type ReplyFormat = z.infer<typeof Format>;

export const LocalReplyConfig = message({
  mappers: z
    .array(
      message({
        filter: Filter,
        status_code: ProtoInt.pipe(z.int().min(200).max(599)).optional(),
        body: DataSource.optional(),
        body_format_override: Format.optional(),
        headers_to_add: z.array(ReplyHeader).default([]),
      }),
    )
    .default([]),
  body_format: Format.optional(),
});
export type LocalReplyConfig = z.infer<typeof LocalReplyConfig>;

/** A NETWORK_FILTER patch of the connection manager that changes its local replies and nothing else. */
export const ConnectionManagerPatch = message({
  name: z.string().optional(),
  typed_config: message({
    "@type": typeUrl(
      "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
    ),
    local_reply_config: LocalReplyConfig,
  }),
});
