import type { AddedHeader, Json } from "../types.ts";
import type { LocalReplyConfig, ReplyFormat } from "./local-reply-schema.ts";

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
}

/**
 * Changes the answers that the proxy gives itself: the first mapper whose filter takes the answer
 * may give it another status, body, form and further headers; the others get `body_format`
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/local_reply).
 */
export function mapLocalReply(config: LocalReplyConfig, input: LocalReplyInput): LocalReply {
  const mapper = config.mappers.find(({ filter }) => {
    const { status_code_filter: code, response_flag_filter: flag } = filter;
    if (code !== undefined) return compare(code.comparison, input.status);
    // Without a flag any will do, as long as there is one.
    if (flag?.flags.length === 0) return input.flag !== "" && input.flag !== "-";
    return flag?.flags.includes(input.flag) === true;
  });
  const status = mapper?.status_code ?? input.status;
  const text = mapper?.body?.inline_string ?? input.body;
  const format = mapper?.body_format_override ?? config.body_format;
  const body = format === undefined ? plain(text) : render(format, { ...input, status, text });
  return { status, body, headers: mapper?.headers_to_add ?? [] };
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
function fill(text: string, { status, text: body, flag }: Values): string | number {
  if (text === "%RESPONSE_CODE%") return status;
  return text
    .replaceAll("%LOCAL_REPLY_BODY%", () => body)
    .replaceAll("%RESPONSE_CODE%", `${status}`)
    .replaceAll("%RESPONSE_FLAGS%", () => flag)
    .replaceAll("%%", "%");
}
