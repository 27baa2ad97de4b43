import { expect, test } from "bun:test";
import { toJsonValue } from "../yaml/convert.ts";
import type { YamlNode } from "../yaml/node.ts";
import { parseDocument } from "../yaml/parser.ts";
import { type MergeOptions, mergeStrategic } from "./strategic-merge.ts";

function parse(text: string): YamlNode {
  const root = parseDocument(text, { file: "" })?.root;
  if (root === undefined) throw new TypeError("no document");
  return root;
}

function merge(dest: string, patch: string, options?: MergeOptions): unknown {
  const merged = mergeStrategic(parse(dest), parse(patch), options);
  return merged === undefined ? undefined : toJsonValue(merged);
}

const POD = "apiVersion: v1\nkind: Pod\n";
const head = { apiVersion: "v1", kind: "Pod" };

test.each([
  ["adds and changes fields", "a: 1\nb: 2", "b: 3\nc: 4", { a: 1, b: 3, c: 4 }],
  ["removes by null", "a: 1\nb: 2", "b: null", { a: 1 }],
  ["replaces lists without a schema", "a: [{name: x}]", "a: [{name: y}]", { a: [{ name: "y" }] }],
  ["deletes a map", "a: {b: 1}\nc: 2", "a: {$patch: delete}", { c: 2 }],
  ["replaces a map", "a: {b: 1}", "a: {$patch: replace, c: 2}", { a: { c: 2 } }],
  ["keeps a null that was written", "a: null\nb: 1", "b: 2", { a: null, b: 2 }],
  ["drops a null that was not", "a:\nb: 1", "b: 2", { b: 2 }],
  ["deletes all", "a: 1", "$patch: delete", undefined],
])("mergeStrategic() %s", (_, dest, patch, expected) => {
  expect(merge(dest, patch)).toEqual(expected);
});

test.each([
  ["appends", {}, ["a", "b", "c"]],
  ["prepends", { prepend: true }, ["b", "c", "a"]],
])("mergeStrategic() merges containers by name and %s new ones", (_, options, names) => {
  const merged = merge(
    `${POD}spec: {containers: [{name: a, image: i}, {name: b, image: i}]}`,
    `${POD}spec: {containers: [{name: b, tty: true}, {name: c}]}`,
    options,
  );
  const all = {
    a: { name: "a", image: "i" },
    b: { name: "b", image: "i", tty: true },
    c: { name: "c" },
  };
  const containers = names.map((name) => Object.entries(all).find(([key]) => key === name)?.[1]);
  expect(merged).toEqual({ ...head, spec: { containers } });
});

test("mergeStrategic() merges by all of several keys, a key left out being any", () => {
  const merged = merge(
    "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80, protocol: UDP}, {port: 80, protocol: TCP}]}",
    "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80, protocol: TCP, nodePort: 3}]}",
  );
  expect(merged).toMatchObject({
    spec: { ports: [{ protocol: "UDP" }, { protocol: "TCP", nodePort: 3 }] },
  });
});

test("mergeStrategic() takes a port without protocol for the one that came first", () => {
  const service = (ports: string) => `apiVersion: v1\nkind: Service\nspec: {ports: [${ports}]}`;
  const merged = merge(
    service("{port: 81}, {port: 81, protocol: TCP}"),
    service("{port: 81, protocol: UDP}"),
  );
  // Settled by kyaml's own merge2.MergeStrings.
  const ports = [{ port: 81 }, { port: 81, protocol: "UDP" }, { port: 81, protocol: "TCP" }];
  expect(merged).toMatchObject({ spec: { ports } });
});

test("mergeStrategic() merges scalars as a set", () => {
  const merged = merge(
    `${POD}metadata: {finalizers: [a, b]}`,
    `${POD}metadata: {finalizers: [b, c]}`,
  );
  expect(merged).toEqual({ ...head, metadata: { finalizers: ["a", "b", "c"] } });
});

test("mergeStrategic() refuses a directive it does not know", () => {
  expect(() => merge("a: {b: 1}", "a: {$patch: explode}")).toThrow(
    "unknown patch strategy 'explode'",
  );
});

test("mergeStrategic() refuses a map in place of a list", () => {
  expect(() => merge("a: [1]", "a: {b: 1}")).toThrow("wrong node kind");
});

test("mergeStrategic() merges lists without a schema by name when it is told to", () => {
  const merged = merge("a: [{name: x, b: 1}, {name: y}]", "a: [{name: x, c: 2}]", { infer: true });
  expect(merged).toEqual({ a: [{ name: "x", b: 1, c: 2 }, { name: "y" }] });
});

test("mergeStrategic() infers nothing where a schema says that a list is replaced", () => {
  const pod = (args: string) => `${POD}spec: {containers: [{name: a, args: ${args}}]}`;
  expect(merge(pod("[]"), pod("[]"), { infer: true })).toMatchObject({ kind: "Pod" });
});

test("mergeStrategic() refuses a text among items with names", () => {
  const pod = (items: string) => `${POD}spec: {containers: [${items}]}`;
  expect(() => merge(pod("{name: a}, x"), pod("{name: b}"))).toThrow("expected MappingNode");
});
