import { expect, test } from "bun:test";
import { mapPorts, parseListening } from "./listening.ts";

test.each([
  ['{"event":"listening","url":"http://127.0.0.1:1"}', "http://127.0.0.1:1"],
  ['{"event":"request","url":"http://evil.example"}', undefined],
  ['{"event":"listening"}', undefined],
  ['{"event":"listening","url":"8080"}', undefined],
  ['{"event":"listening","url":"http://127.0.0.1:1","metrics":"9090"}', undefined],
  ["{ not json", undefined],
  ["listening on 8080", undefined],
])("parseListening() of %s", (line, url) => {
  expect(parseListening(line)?.url).toBe(url);
});

const listening = {
  event: "listening",
  url: "http://127.0.0.1:5001",
  metrics: "http://127.0.0.1:5002",
} as const;
const HTTP = { name: "http", number: 8080 };
const METRICS = { name: "metrics", number: 9090 };

test.each([
  ["by name", [HTTP, METRICS], {}, { http: 5001, 8080: 5001, metrics: 5002, 9090: 5002 }],
  ["by the variable", [{ name: "web", number: 80 }], { PORT: "80" }, { web: 5001, 80: 5001 }],
  ["without a name", [{ name: undefined, number: 80 }], { PORT: "80" }, { 80: 5001 }],
  ["that nobody declared", [], {}, {}],
])("mapPorts() finds ports %s", (_, ports, variables, expected) => {
  const declared = (name: string) => new Map(Object.entries(variables)).get(name);
  const found = mapPorts(listening, { ports, declared });
  expect(Object.fromEntries(found)).toEqual(expected);
});
