import { describe, expect, test } from "bun:test";
import { requireSameOrigin } from "./security.ts";

describe("requireSameOrigin()", () => {
  test.each<[string, Record<string, string>]>([
    ["a program that sends neither header", { host: "a.example" }],
    ["a browser on our own page", { "sec-fetch-site": "same-origin", origin: "null" }],
    ["a visitor who typed the address", { "sec-fetch-site": "none" }],
    [
      "an older browser on our own page",
      { origin: "http://a.example:8080", host: "a.example:8080" },
    ],
    ["the same behind TLS of the gateway", { origin: "https://a.example", host: "a.example" }],
    [
      "the same behind a gateway that renames us",
      { origin: "https://a.example", host: "app.internal", "x-forwarded-host": "a.example" },
    ],
    ["a host with the port of TLS", { origin: "https://a.example", host: "a.example:443" }],
    ["a host in capitals with port 80", { origin: "http://a.example", host: "A.Example:80" }],
    [
      "the first of two forwarders' hosts",
      { origin: "https://a.example", host: "app", "x-forwarded-host": "a.example, edge.internal" },
    ],
  ])("lets %s pass", (_, headers) => {
    expect(() => requireSameOrigin(new Headers(headers))).not.toThrow();
  });

  test.each<[string, Record<string, string>]>([
    ["a page of another site", { "sec-fetch-site": "cross-site" }],
    ["a page of a neighbour", { "sec-fetch-site": "same-site", origin: "https://b.example.org" }],
    ["an older browser elsewhere", { origin: "https://evil.example", host: "a.example" }],
    ["the same host on another port", { origin: "http://a.example:81", host: "a.example" }],
    ["a sandboxed frame", { origin: "null", host: "a.example" }],
    ["another site that names us last", { origin: "https://b.example", host: "b.example.evil" }],
    ["an origin without a host", { origin: "file://", host: "" }],
    ["a host that is none", { origin: "http://a.example", host: "[::" }],
    ["nobody's host", { origin: "http://a.example" }],
  ])("refuses %s", (_, headers) => {
    expect(() => requireSameOrigin(new Headers(headers))).toThrow(
      "This form was sent from another site",
    );
  });
});
