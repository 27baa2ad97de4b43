import { describe, expect, test } from "bun:test";
import { listSeries } from "./known-metrics.ts";
import { listExpressionFaults, listSelectors } from "./promql.ts";

const known = listSeries([
  { name: "pages_total", type: "counter", labels: ["version"] },
  { name: "asks_total", type: "counter", labels: ["outcome"] },
  { name: "wait_seconds", type: "histogram", labels: ["route"] },
  { name: "sum_seconds", type: "summary", labels: [] },
]);

describe("listExpressionFaults()", () => {
  test.each([
    ["a rate by a label", "sum by (version) (rate(pages_total[5m])) > 15"],
    ["Grafana's interval", "rate(pages_total[$__rate_interval])"],
    ["labels of the target", 'pages_total{job="app",namespace=~"a|b"}'],
    ["the buckets of a histogram", "sum by (le, route) (rate(wait_seconds_bucket[5m]))"],
    ["sum and count of a summary", "sum_seconds_sum / sum_seconds_count"],
    ["a label of the other side", "pages_total * on (version) group_left (outcome) asks_total"],
    ["no metric at all", "time() - 5"],
  ])("takes %s", (_, expression) => {
    expect(listExpressionFaults(expression, known)).toEqual([]);
  });

  test.each([
    ["a metric that nobody exports", "rate(page_total[5m])", ['no metric "page_total"']],
    [
      "one of a histogram's parts that it does not have",
      "wait_seconds_total",
      ['no metric "wait_seconds_total"'],
    ],
    [
      "a label that the metric does not have",
      'pages_total{variant="v1"}',
      ['metric "pages_total" has no label "variant"'],
    ],
    [
      "a grouping by a label that no metric has",
      "sum by (variant) (pages_total)",
      ['no metric in it has the label "variant"'],
    ],
    [
      "a matching by a label that no metric has",
      "pages_total / on (pod_name) asks_total",
      ['no metric in it has the label "pod_name"'],
    ],
    ["what does not parse", "sum(rate(pages_total[5m])", ['does not parse at ""']],
    ["a mistake in the middle", "rate(pages_total[5m]) >> 3", ['does not parse at "> 3"']],
  ])("refuses %s", (_, expression, faults) => {
    expect(listExpressionFaults(expression, known)).toEqual(faults);
  });
});

test("listSelectors() gives each selector once, as it is written", () => {
  const up = 'up{job="app"}';
  expect(listSelectors(`rate(pages_total[5m]) / (${up} or ${up}) > 3`)).toEqual([
    "pages_total",
    up,
  ]);
  expect(listSelectors("vector(1)")).toEqual([]);
});
