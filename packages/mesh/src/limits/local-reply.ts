import { compileRegex } from "../regex/re2.ts";
import type { AddedHeader, Json, MeshRequest } from "../types.ts";
import {
  COMMANDS,
  HEADER_COMMANDS,
  type LocalReplyConfig,
  type ReplyFilter,
  type ReplyFormat,
} from "./local-reply-schema.ts";
import { compileHeaderMatcher } from "./matchers.ts";

/** What a proxy's own answer looks like. */
export interface LocalReply {
  readonly status: number;
  /** Undefined for an empty body. */
  readonly body: { readonly contentType: string; readonly text: string } | undefined;
  readonly headers: readonly AddedHeader[];
}

/** The answer that the proxy would give without `local_reply_config`. */
export interface LocalReplyInput {
  readonly status: number;
  /** The body that the proxy would send; "" for none. */
  readonly body: string;
  /** Envoy's response flag, as "RL". */
  readonly flag: string;
  /** Headers that the answer has already, in lower case, as "x-ratelimit-reset". */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly request: MeshRequest;
}

/**
 * Changes the answers that the proxy gives itself: the first mapper whose filter takes the answer
 * may give it another status, body, form and further headers; the others get `body_format`
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/local_reply).
 */
export function compileLocalReply(
  config: LocalReplyConfig,
): (input: LocalReplyInput) => LocalReply {
  const mappers = config.mappers.map((mapper) => ({ mapper, takes: compileFilter(mapper.filter) }));
  return (input) => {
    const mapper = mappers.find(({ takes }) => takes(input))?.mapper;
    const status = mapper?.status_code ?? input.status;
    const text = mapper?.body?.inline_string ?? input.body;
    const format = mapper?.body_format_override ?? config.body_format;
    const added = fillHeaders(mapper?.headers_to_add ?? [], input.headers);
    // Envoy adds the mapper's headers before it fills in the body (`ResponseMapper::matchAndRewrite`).
    const headers = [...input.headers, ...added.map(({ name, value }) => [name, value] as const)];
    const body =
      format === undefined ? plain(text) : render(format, { ...input, headers, status, text });
    return { status, body, headers: added };
  };
}

/** The headers with what they name of the answer's; Envoy adds none whose value is empty then. */
function fillHeaders(
  added: readonly AddedHeader[],
  headers: LocalReplyInput["headers"],
): readonly AddedHeader[] {
  return added.flatMap((one) => {
    const value = one.value.replaceAll(HEADER_COMMANDS, (_, name?: string) =>
      name === undefined ? "%" : (findHeader(headers, name) ?? ""),
    );
    return value === "" && one.value !== "" ? [] : [{ ...one, value }];
  });
}

function findHeader(headers: LocalReplyInput["headers"], name: string): string | undefined {
  return headers.find(([known]) => known === name.toLowerCase())?.[1];
}

function compileFilter(filter: ReplyFilter): (input: LocalReplyInput) => boolean {
  const { status_code_filter: code, response_flag_filter: flag, header_filter: header } = filter;
  if (code !== undefined) return ({ status }) => compare(code.comparison, status);
  if (header !== undefined) {
    const matches = compileHeaderMatcher(header.header, compileRegex);
    return ({ request }) => matches(request);
  }
  if (flag !== undefined) {
    // Without a flag any will do, as long as there is one.
    if (flag.flags.length === 0) return (input) => input.flag !== "" && input.flag !== "-";
    return (input) => flag.flags.includes(input.flag);
  }
  const every = filter.and_filter?.filters.map(compileFilter);
  if (every !== undefined) return (input) => every.every((takes) => takes(input));
  const some = filter.or_filter?.filters.map(compileFilter) ?? [];
  return (input) => some.some((takes) => takes(input));
}

type Comparison = NonNullable<
  LocalReplyConfig["mappers"][number]["filter"]["status_code_filter"]
>["comparison"];

function compare({ op, value }: Comparison, status: number): boolean {
  switch (op) {
    case "EQ":
      return status === value.default_value;
    case "NE":
      return status !== value.default_value;
    case "GE":
      return status >= value.default_value;
    case "LE":
      return status <= value.default_value;
  }
}

function plain(text: string): LocalReply["body"] {
  return text === "" ? undefined : { contentType: "text/plain", text };
}

interface Values {
  readonly status: number;
  readonly text: string;
  readonly flag: string;
  readonly headers: LocalReplyInput["headers"];
}

function render(format: ReplyFormat, values: Values): LocalReply["body"] {
  const { json_format, content_type } = format;
  if (json_format === undefined) {
    const pattern = format.text_format ?? format.text_format_source?.inline_string ?? "";
    return { contentType: content_type ?? "text/plain", text: String(fill(pattern, values)) };
  }
  const filled = fillJson(json_format, values);
  // Envoy's JSON formatter sorts the fields and ends the line.
  return { contentType: content_type ?? "application/json", text: `${JSON.stringify(filled)}\n` };
}

function fillJson(value: Json, values: Values): Json {
  if (typeof value === "string") return fill(value, values);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one: Json) => fillJson(one, values));
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, field]) => [key, fillJson(field, values)]),
  );
}

/** Fills in the commands that the schema lets through; a lone %RESPONSE_CODE% stays a number. */
function fill(text: string, { status, text: body, flag, headers }: Values): string | number {
  if (text === "%RESPONSE_CODE%") return status;
  return text.replaceAll(COMMANDS, (command, header?: string) => {
    if (header !== undefined) {
      // Envoy writes "-" for what is not there.
      return findHeader(headers, header) ?? "-";
    }
    switch (command) {
      case "%LOCAL_REPLY_BODY%":
        return body;
      case "%RESPONSE_CODE%":
        return `${status}`;
      case "%RESPONSE_FLAGS%":
        return flag;
      default:
        return "%";
    }
  });
}
