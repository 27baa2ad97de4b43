import fc from "fast-check";
import { Raw, type Value } from "./yaml-text.ts";

/** Scalars in every form that YAML 1.1 and 1.2 disagree about, or that change when they are written again. */
export const awkwardScalar: fc.Arbitrary<Value> = fc.oneof(
  fc
    .constantFrom(
      ...["yes", "off", "~", "null", "True", "0o17", "017", "0x1F", "1_000", "1e3", "1.0", ".5"],
      ...["-0", "+1", "12:30", "2001-01-01", "2001-01-01T00:00:00Z", "1e400", ".inf", "0b11"],
      ...["9223372036854775808", "1.50", "'0x1F'", '"1e3"', "'yes'", '"\\u00e9"', "!!str 12", '""'],
      ...["- a", "[]", "{}", "<<", "'='", "=", "0.1e-5", "123456789012345678901234567890"].slice(1),
      ...["2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", '"\\x7f"', '"\\x1f"', '"\\ud83d"'],
    )
    .map((text) => new Raw(text)),
  fc.constantFrom<Value>(
    ...[
      "a: b",
      " a",
      "a ",
      "#a",
      "a #b",
      "a\nb\n",
      "a\nb",
      "a\n\n\nb\n",
      "\ta",
      "é",
      "😀",
      "\u0001",
    ],
    ...[
      "%a",
      "@a",
      "&a",
      "*a",
      "!a",
      "|",
      ">",
      "?",
      "? a",
      "-",
      "- a",
      "{a",
      "[a",
      "a]",
      "a,b",
      "`a",
    ],
    ...[
      "'",
      '"',
      "\\",
      "a\\nb",
      "a'b",
      "y",
      "N",
      "Null",
      "1e3",
      "0x1f",
      "1.",
      "0.0",
      "12e03",
      "-1",
    ],
    ...["x".repeat(90), `${"word ".repeat(30)}end`, `${"word ".repeat(30)}\nend\n`, "a\n  b\n c\n"],
    ...[
      "--- a",
      "...",
      "2001-01-01",
      "12:30:45",
      "a:",
      ":a",
      "a:b",
      "http://x/?a=b#c",
      "\u00a0",
      "a\r\nb",
    ],
  ),
  fc.boolean(),
  fc.integer(),
);

/** A value of such scalars, two levels deep. */
export const awkward: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    awkwardScalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("a", "b", "name", "a b", "y", "1", "a: b", "namespace", "é", ""),
      tie("value"),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
})).value;
