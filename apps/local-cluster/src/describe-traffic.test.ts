import { expect, test } from "bun:test";
import { describeTraffic } from "./describe-traffic.ts";
import { buildTraffic } from "./status-page/sample-state.ts";

const NOW = 1_000;
const limit = { requestsPerUnit: 10, unit: "minute" };
const row = { rule: "r", limit, remaining: 3, code: "OK", resetAt: NOW + 31_000 } as const;

test("describeTraffic() tells the split, the copies and the limits", () => {
  const traffic = buildTraffic({ limits: [{ ...row, descriptor: "authorization=ann" }] });
  expect(describeTraffic(traffic, NOW)).toEqual([
    "traffic  12,345 requests, 3 under way",
    "  app → model-service  v1 640 (100 %)",
    "  istio-ingressgateway → app  v1 900 (90 %, 1 failed), v2 100 (10 %), no pod 3, refused by the limiter 250",
    "  copies to model-service v2  640 sent, 2 failed, 1 left out",
    "limits  80 passed, 4 limited, 0 without an answer",
    "  authorization=ann  3 of 10 a minute left, opens in 31 s",
  ]);
});

test.each([
  [21, 3, "v1 21 (87.5 %), v2 3 (12.5 %)"],
  [17, 2, "v1 17 (89.5 %), v2 2 (10.5 %)"],
])("describeTraffic() gives shares of %d and %d that add up", (first, second, text) => {
  const row = { from: "a", service: "b", workload: "b", failed: 0 };
  const splits = [
    { ...row, version: "v1", requests: first },
    { ...row, version: "v2", requests: second },
  ];
  expect(describeTraffic(buildTraffic({ splits }), NOW)[1]).toBe(`  a → b  ${text}`);
});

test("describeTraffic() counts one request as one", () => {
  const [line] = describeTraffic(buildTraffic({ requests: 1, underWay: 0 }), NOW);
  expect(line).toBe("traffic  1 request, 0 under way");
});

test("describeTraffic() tells first of which limit the least is left", () => {
  const all = {
    ...row,
    descriptor: "all",
    remaining: 40,
    limit: { ...limit, requestsPerUnit: 100 },
  };
  const visitors = Array.from({ length: 60 }, (_, at) => ({
    ...row,
    descriptor: `a=${at}`,
    remaining: 9,
  }));
  const lines = describeTraffic(buildTraffic({ limits: [...visitors, all] }), NOW);
  expect(lines.at(-11)).toBe("  all  40 of 100 a minute left, opens in 31 s");
});

test("describeTraffic() does not list every visitor's limit", () => {
  const limits = Array.from({ length: 200 }, (_, at) => ({ ...row, descriptor: `a=${at}` }));
  const lines = describeTraffic(buildTraffic({ limits }), NOW);
  expect(lines.at(-2)).toStartWith("  a=9  ");
  expect(lines.at(-1)).toBe("  and 190 more");
});
