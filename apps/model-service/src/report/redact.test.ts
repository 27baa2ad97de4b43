import { describe, expect, test } from "bun:test";
import { traceFeatures } from "@hookline/lib-ml";
import fc from "fast-check";
import { splitParts } from "../answer/parts.ts";
import { redactExplanation, redactUrl } from "./redact.ts";

test.each([
  ["https://example.org/", "example.org", "example.org"],
  ["https://www.example.org/a/b?user=SECRET", "example.org/a/b?…", "example.org/a/b?user=SECRET"],
  ["https://ann:SECRET@example.org/a", "example.org/a", "example.org/a"],
  ["https://example.org/a#token=SECRET", "example.org/a", "example.org/a"],
  ["https://example.org/#/reset/SECRET", "example.org", "example.org"],
  ["https://example.org/a?b=1#!SECRET", "example.org/a?…", "example.org/a?b=1"],
  ["https://example.org/a%3Fuser=SECRET", "example.org/a%3F…", "example.org/a%3Fuser=SECRET"],
  ["https://example.org/a;id=SECRET/b", "example.org/a;…", "example.org/a;id=SECRET/b"],
  ["http:\\\\ann:SECRET@example.org\\a", "example.org/a", "example.org/a"],
  ["https://example.org/a%253buser=SECRET", "example.org/a%253b…", "example.org/a%253buser=SECRET"],
  ["(https://ann:SECRET@example.org/a).", "example.org/a", "example.org/a"],
  ["„https://example.org/a?b#SECRET“", "example.org/a?…", "example.org/a?b"],
  ["no address", "…", "…"],
])("redactUrl() of %s", (url, redacted, kept) => {
  expect(redactUrl(url, "redact")).toBe(redacted);
  expect(redactUrl(url, "keep")).toBe(kept);
});

test("redactUrl() cuts a long URL", () => {
  const url = redactUrl(`https://example.org/${"a".repeat(1000)}`, "redact");
  expect(url).toHaveLength(300);
  expect(url).toEndWith("a…");
});

test("redactUrl() never tells a user, a query or a fragment", () => {
  const word = fc.stringMatching(/^[\w.~:/@!$&'()*+,=-]{0,12}$/);
  fc.assert(
    fc.property(word, word, word, (user, query, fragment) => {
      const secret = (text: string) => `${text}ZSECRETZ${text}`;
      const name = encodeURIComponent(secret(user));
      const url = `https://${name}@example.org/a?${secret(query)}#${secret(fragment)}`;
      expect(redactUrl(url, "redact").toUpperCase()).not.toContain("SECRET");
    }),
    { numRuns: 300 },
  );
});

describe("redactExplanation()", () => {
  const url = "https://ann@pay.example/login;s=1?user=SECRET&b=2#/SECRET";
  const part = (text: string, segment: "host" | "path" | "query", weight: number) => {
    const start = url.indexOf(text);
    return { start, end: start + text.length, text, weight, segment };
  };
  const explanation = {
    method: "occlusion" as const,
    logit: 2,
    bias: -1,
    parts: [
      part("ann@pay.example", "host", 0.5),
      part("/login;s=1", "path", -3),
      part("user=SECRET", "query", 1),
      part("b=2", "query", 1.00049),
      part("#/SECRET", "path", 0.1),
    ],
    lexical: [{ name: "host length 5", weight: 0.01 }],
  };

  test("sums what must not be told, and has the heaviest first", () => {
    expect(redactExplanation(explanation, { url, queries: "redact" })).toEqual({
      method: "occlusion",
      parts: [
        { text: "/login;…", weight: -3 },
        { text: "?…", weight: 2 },
        { text: "pay.example", weight: 0.5 },
        { text: "#…", weight: 0.1 },
        { text: "host length 5", weight: 0.01 },
      ],
    });
  });

  test("keeps queries when it is told to, but no fragment", () => {
    const { parts } = redactExplanation(explanation, { url, queries: "keep" });
    expect(parts.map(({ text }) => text)).toEqual([
      "/login;s=1",
      "b=2",
      "user=SECRET",
      "pay.example",
      "#…",
      "host length 5",
    ]);
  });

  test.each(["/a;id=ZSECRETZ/b-SECRET", "/a%3Ftoken=ZSECRETZ-SECRET", "/a%253Fb=1&token=SECRET"])(
    "tells nothing of what %s hides, in whichever parts it stands",
    (path) => {
      const url = `https://example.org${path}`;
      const features = traceFeatures(url);
      const parts = splitParts(url, features).map((piece) => ({ ...piece, weight: 1 }));
      const told = redactExplanation({ ...explanation, parts }, { url, queries: "redact" });
      expect(JSON.stringify(told)).not.toContain("SECRET");
      expect(told.parts.map(({ text }) => text)).toContain("…");
    },
  );

  test("cuts a long part, and no character in two", () => {
    for (const [before, length] of [
      [0, 59],
      [1, 60],
    ] as const) {
      const text = "a".repeat(before) + "𝒳".repeat(90);
      const long = { ...part("/login;s=1", "path", 9), text };
      const { parts } = redactExplanation(
        { ...explanation, parts: [long] },
        { url, queries: "keep" },
      );
      expect(parts[0]?.text.isWellFormed()).toBe(true);
      expect(parts[0]?.text).toHaveLength(length);
    }
  });

  test("tells six parts at most", () => {
    const lexical = Array.from({ length: 20 }, (_, i) => ({ name: `measure ${i}`, weight: i }));
    const { parts } = redactExplanation({ ...explanation, lexical }, { url, queries: "redact" });
    expect(parts.map(({ weight }) => weight)).toEqual([19, 18, 17, 16, 15, 14]);
  });
});
