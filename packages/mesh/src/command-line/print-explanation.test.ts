import { expect, test } from "bun:test";
import type { Forward, MeshRequest } from "../types.ts";
import { printExplanation } from "./print-explanation.ts";

const OPS = { set: [], add: [], remove: [] };
const REQUEST: MeshRequest = {
  method: "GET",
  authority: "a.example",
  path: "/",
  scheme: "http",
  header: () => undefined,
  clientAddress: "127.0.0.1",
};

test.each([
  [1, "up to 1 retry on 503"],
  [2, "up to 2 retries on 503"],
])("printExplanation() counts %i of the retries", (attempts, told) => {
  const decision: Forward = {
    kind: "forward",
    route: { route: "all", index: 0 },
    destination: { fqdn: "a", port: 80, subset: undefined, labels: {}, namespace: "ns" },
    request: OPS,
    response: OPS,
    mirrors: [],
    timeoutMs: undefined,
    retries: { attempts, retryOn: ["503"] },
    rewrite: undefined,
    fault: undefined,
    limits: undefined,
  };
  const explanation = { notes: [], routes: [], outcomes: [{ percent: 100, decision }] };
  const source = { kind: "gateway", labels: {}, namespace: "ns", port: 80 } as const;
  expect(printExplanation({ source, request: REQUEST, explanation })).toContain(`${told}\n`);
});
