import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Dashboard } from "../checks/dashboards.ts";
import { renderDashboards } from "./render-dashboards.ts";

const files = renderDashboards();
const dashboards = new Map(
  [...files].map(([path, text]) => [basename(path), Dashboard.parse(JSON.parse(text))]),
);

function listTitles(file: string): string[] {
  return dashboards.get(file)?.panels.map(({ title }) => title) ?? [];
}

describe("the dashboards", () => {
  test.each([...files].map(([path, text]) => [basename(path), path, text] as const))(
    "%s is in Git as it is rendered",
    async (_, path, text) => {
      expect(await Bun.file(path).text()).toBe(text);
    },
  );

  test("no other file is beside them, and the overlay loads each", async () => {
    const folder = dirname([...files.keys()][0] ?? "");
    const found = readdirSync(folder).filter((file) => file.endsWith(".json"));
    expect(found.sort()).toEqual([...dashboards.keys()].sort());
    const kustomization = await Bun.file(join(folder, "kustomization.yaml")).text();
    expect(found.filter((file) => !kustomization.includes(`- ${file}`))).toEqual([]);
  });

  test("the original's 17 panels are there (row S27)", () => {
    expect(listTitles("custom-metrics.json")).toEqual([
      "CPU Usage",
      "Memory Usage",
      "Page Request Count",
      "Model Request Count",
      "Phishing Count",
      "User Phishing Guess Count",
      "User Same Guess Count",
      "User Guess Agree Status Gauge",
      "Phishing Rate",
      "User Phishing Guess Rate",
      "User Same Guess Rate",
      "Average Phishing Rate",
      "Average User Phishing Guess Rate",
      "Average User Same Guess Rate",
      "Model Request durations Summary",
      "Model Request Histogram v1",
      "Model Request Histogram v2",
    ]);
  });

  test("the original's 4 panels of the shadow launch are there (row S28)", () => {
    expect(listTitles("shadow.json").slice(0, 4)).toEqual([
      "Model Request Count",
      "Phishing Count",
      "Phishing Rate",
      "Average Phishing Rate",
    ]);
  });
});
