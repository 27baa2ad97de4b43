import { describe, expect, test } from "bun:test";
import { compareFields } from "./field-changes.ts";
import { diffLines } from "./lines.ts";
import { compareResources, HIDDEN } from "./resource-changes.ts";

describe("diffLines()", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["nothing", "", "", ""],
    ["a line that is new", "", "a", "+a"],
    ["a line that is gone", "a", "", "-a"],
    ["a line in the middle", "a b c", "a x c", " a -b +x  c"],
    ["lines that moved", "a b c d", "c d a b", "-a -b  c  d +a +b"],
    [
      "three lines around a change",
      "1 2 3 4 5 6 7 8 9",
      "1 2 3 4 x 6 7 8 9",
      " …  2  3  4 -5 +x  6  7  8  …",
    ],
    [
      "two changes apart",
      "a 1 2 3 4 5 6 7 z",
      "b 1 2 3 4 5 6 7 y",
      "-a +b  1  2  3  …  5  6  7 -z +y",
    ],
  ];
  const split = (text: string): string[] => (text === "" ? [] : text.split(" "));
  test.each(cases)("shows %s", (_, before, after, expected) => {
    const lines = diffLines(split(before), split(after));
    expect(lines.map(({ sign, text }) => sign + text).join(" ")).toBe(expected);
  });

  test("shows texts that are too large to compare as a whole", () => {
    const numbers = (from: number): string[] =>
      Array.from({ length: 2500 }, (_, at) => `${at + from}`);
    const lines = diffLines(numbers(0), numbers(9000));
    expect(lines.filter(({ sign }) => sign === "-").length).toBe(2500);
    expect(lines.filter(({ sign }) => sign === "+").length).toBe(2500);
  });
});

describe("compareFields()", () => {
  const containers = (...items: unknown[]): unknown => ({ spec: { containers: items } });
  test.each([
    ["the same", { a: [1] }, { a: [1] }, []],
    ["a value", { a: { b: 1 } }, { a: { b: 2 } }, [{ path: "a.b", before: 1, after: 2 }]],
    ["a new key", { a: 1 }, { a: 1, b: null }, [{ path: "b", after: null }]],
    ["a key that is gone", { a: 1, b: 2 }, { a: 1 }, [{ path: "b", before: 2 }]],
    [
      "a key with dots",
      { "a.b/c": 1 },
      { "a.b/c": 2 },
      [{ path: '["a.b/c"]', before: 1, after: 2 }],
    ],
    [
      "an item by its name",
      containers({ name: "a", image: "x" }, { name: "b" }),
      containers({ name: "b" }, { name: "c" }),
      [
        { path: "spec.containers[name=a]", before: { name: "a", image: "x" } },
        { path: "spec.containers[name=c]", after: { name: "c" } },
      ],
    ],
    [
      "an item by its place",
      containers({ image: "x" }),
      containers({ image: "y" }),
      [{ path: "spec.containers[0].image", before: "x", after: "y" }],
    ],
    [
      "a list of scalars",
      { a: [1, 2] },
      { a: [2, 1] },
      [{ path: "a", before: [1, 2], after: [2, 1] }],
    ],
    [
      "items in another order",
      { a: [{ name: "x" }, { name: "y" }] },
      { a: [{ name: "y" }, { name: "x" }] },
      [
        { path: "a[0].name", before: "x", after: "y" },
        { path: "a[1].name", before: "y", after: "x" },
      ],
    ],
    ["another type", { a: "1" }, { a: 1 }, [{ path: "a", before: "1", after: 1 }]],
    ["a key of every object", {}, { constructor: 1 }, [{ path: "constructor", after: 1 }]],
  ])("finds %s", (_, before, after, expected) => {
    expect(compareFields(before, after)).toEqual(expected);
  });
});

describe("compareResources()", () => {
  const resource = (kind: string, name: string, extra: Record<string, unknown> = {}) => ({
    apiVersion: "v1",
    kind,
    name,
    namespace: "one",
    value: { apiVersion: "v1", kind, metadata: { name, namespace: "one" }, ...extra },
  });

  test("tells added, changed and removed apart, in the order of what is now", () => {
    const changes = compareResources(
      [resource("A", "gone"), resource("A", "same"), resource("A", "other", { x: 1 })],
      [resource("A", "new"), resource("A", "other", { x: 2 }), resource("A", "same")],
    );
    expect(changes.map(({ change, name }) => `${change} ${name}`)).toEqual([
      "added new",
      "changed other",
      "removed gone",
    ]);
  });

  test("knows a generated resource under its new hash", () => {
    const changes = compareResources(
      [resource("ConfigMap", "app-6ct58987ht", { data: { a: "1" } })],
      [resource("ConfigMap", "app-7d8t4kbf2m", { data: { a: "2" } })],
    );
    expect(changes).toMatchObject([
      {
        change: "changed",
        oldName: "app-6ct58987ht",
        name: "app-7d8t4kbf2m",
        fields: [
          { path: "data.a", before: "1", after: "2" },
          { path: "metadata.name", before: "app-6ct58987ht", after: "app-7d8t4kbf2m" },
        ],
      },
    ]);
  });

  test("takes a name that only looks generated for what it is", () => {
    const changes = compareResources([resource("A", "app")], [resource("A", "app-7d8t4kbf2m")]);
    expect(changes.map(({ change }) => change)).toEqual(["added", "removed"]);
  });

  const secret = (data: Record<string, string>, annotations: Record<string, string> = {}) =>
    resource("Secret", "s", { metadata: { name: "s", annotations }, data, type: "Opaque" });
  test.each([
    ["a changed value", [secret({ a: "b2xk" })], [secret({ a: "bmV3" })]],
    ["a new value", [], [secret({ a: "bmV3" })]],
    ["a value that is gone", [secret({ a: "b2xk" })], []],
    ["a new map of values", [resource("Secret", "s")], [secret({ a: "bmV3" })]],
    ["values in an annotation", [secret({}, { last: "b2xk" })], [secret({}, { last: "bmV3" })]],
    ["a new annotation", [resource("Secret", "s")], [secret({}, { last: "bmV3" })]],
  ])("hides %s of a Secret but says that there is one", (_, before, after) => {
    const text = JSON.stringify(compareResources(before, after));
    expect(text).not.toMatch(/b2xk|bmV3/);
    expect(text).toContain(HIDDEN.slice(0, -1));
  });

  test("shows the type and the labels of a Secret", () => {
    const [change] = compareResources(
      [{ ...resource("Secret", "s", { type: "Opaque" }) }],
      [{ ...resource("Secret", "s", { type: "kubernetes.io/tls" }) }],
    );
    expect(change?.fields).toEqual([
      { path: "type", before: "Opaque", after: "kubernetes.io/tls" },
    ]);
  });
});
