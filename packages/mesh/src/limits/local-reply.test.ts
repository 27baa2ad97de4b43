import { describe, expect, test } from "bun:test";
import { buildRequest } from "../testing/requests.ts";
import { compileLocalReply, type LocalReplyInput } from "./local-reply.ts";
import { LocalReplyConfig } from "./local-reply-schema.ts";

const status = (default_value: number, op = "EQ") => ({
  status_code_filter: { comparison: { op, value: { default_value, runtime_key: "k" } } },
});
const INPUT: LocalReplyInput = {
  status: 429,
  body: "",
  flag: "RL",
  headers: [["x-ratelimit-reset", "17"]],
  request: buildRequest({ headers: { accept: "text/html, */*" } }),
};
const map = (config: object, input: Partial<LocalReplyInput> = {}) =>
  compileLocalReply(LocalReplyConfig.parse(config))({ ...INPUT, ...input });
const accepts = (text: string, more = {}) => ({
  header_filter: { header: { name: "Accept", string_match: { contains: text }, ...more } },
});

describe("compileLocalReply()", () => {
  test("changes nothing without a configuration", () => {
    expect(map({})).toEqual({ status: 429, body: undefined, headers: [] });
    expect(map({}, { body: "no" }).body).toEqual({ contentType: "text/plain", text: "no" });
  });

  test.each([
    ["its status", status(429), true],
    ["another", status(430), false],
    ["from one on", status(400, "GE"), true],
    ["up to one", status(400, "LE"), false],
    ["not one", status(429, "NE"), false],
    ["its flag", { response_flag_filter: { flags: ["UH", "RL"] } }, true],
    ["another flag", { response_flag_filter: { flags: ["UH"] } }, false],
    ["any flag", { response_flag_filter: {} }, true],
    ["what the request accepts", accepts("text/html"), true],
    ["what it does not accept", accepts("json"), false],
    ["what it shall not accept", accepts("json", { invert_match: true }), true],
    ["both", { and_filter: { filters: [status(429), accepts("html")] } }, true],
    ["not one of two", { and_filter: { filters: [status(429), accepts("json")] } }, false],
    ["either", { or_filter: { filters: [status(430), accepts("html")] } }, true],
    ["neither", { orFilter: { filters: [status(430), accepts("json")] } }, false],
    [
      "one in another",
      {
        and_filter: {
          filters: [status(429), { or_filter: { filters: [status(1), status(429)] } }],
        },
      },
      true,
    ],
  ])("takes %s", (_, filter, expected) => {
    expect(map({ mappers: [{ filter, status_code: 499 }] }).status).toBe(expected ? 499 : 429);
  });

  test("lets the first mapper decide", () => {
    const mappers = [
      { filter: status(429), status_code: 418 },
      { filter: status(429), status_code: 419 },
    ];
    expect(map({ mappers }).status).toBe(418);
  });

  test.each([
    ["a body", { body: { inline_string: "b" } }, {}, { contentType: "text/plain", text: "b" }],
    [
      "a text",
      {
        body_format_override: {
          text_format_source: { inline_string: "%RESPONSE_CODE% %LOCAL_REPLY_BODY%%%" },
          content_type: "text/html",
        },
      },
      { body: "no" },
      { contentType: "text/html", text: "418 no%" },
    ],
    [
      "headers that the answer has",
      {
        headers_to_add: [{ header: { key: "X-Own", value: "mine" } }],
        body_format_override: { text_format: "%RESP(X-RateLimit-Reset)% %RESP(x-own)% %RESP(no)%" },
      },
      {},
      { contentType: "text/plain", text: "17 mine -" },
    ],
    [
      "JSON, sorted",
      {
        body_format_override: {
          json_format: { b: "%RESPONSE_CODE%", a: { flag: "is %RESPONSE_FLAGS%" } },
        },
      },
      {},
      { contentType: "application/json", text: '{"a":{"flag":"is RL"},"b":418}\n' },
    ],
  ])("gives %s", (_, more, input, body) => {
    const mappers = [{ filter: status(429), status_code: 418, ...more }];
    expect(map({ mappers }, input).body).toEqual(body);
  });

  test("adds headers with what they name of the answer's, and none that would be empty", () => {
    const of = (key: string, value: string) => ({ header: { key, value } });
    const headers_to_add = [
      of("Retry-After", "%RESP(X-RateLimit-Reset)%"),
      of("share", "5 %%"),
      of("gone", "%RESP(no)%"),
    ];
    const { headers } = map({ mappers: [{ filter: status(429), headers_to_add }] });
    expect(headers.map(({ name, value }) => [name, value])).toEqual([
      ["retry-after", "17"],
      ["share", "5 %"],
    ]);
  });

  test("gives the others the common form", () => {
    expect(
      map({ body_format: { text_format: "[%LOCAL_REPLY_BODY%]" } }, { body: "x" }).body?.text,
    ).toBe("[x]");
  });

  test.each([
    ["a command", { body_format: { text_format: "%REQ(:path)%" } }],
    ["a command with a default", { body_format: { text_format: "%RESP(a?b)%" } }],
    [
      "a command in a header that is added",
      {
        mappers: [
          {
            filter: status(1),
            headers_to_add: [{ header: { key: "a", value: "%RESPONSE_CODE%" } }],
          },
        ],
      },
    ],
    ["two formats", { body_format: { text_format: "a", json_format: {} } }],
    [
      "a filter of two kinds",
      { mappers: [{ filter: { ...status(1), response_flag_filter: {} } }] },
    ],
    ["half of both", { mappers: [{ filter: { and_filter: { filters: [status(1)] } } }] }],
    ["another filter", { mappers: [{ filter: { not_health_check_filter: {} } }] }],
  ])("refuses %s", (_, config) => {
    expect(LocalReplyConfig.safeParse(config).success).toBe(false);
  });
});
