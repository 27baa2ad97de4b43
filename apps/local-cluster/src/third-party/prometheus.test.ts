import { afterAll, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePrometheusFiles, writeTargets } from "./prometheus.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-prometheus-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ENDPOINT = {
  pod: "app-1",
  namespace: "hookline",
  workload: "app-v1",
  version: "v1",
  labels: { "app.kubernetes.io/name": "app" },
  ports: new Map([["metrics", 9464]]),
};
const ready = (...endpoints: readonly (typeof ENDPOINT)[]) => ({
  ready: () => endpoints,
  subscribe: () => () => {},
});

test("writeTargets() changes nothing under who is reading", () => {
  writeTargets(folder, ready(ENDPOINT));
  const path = join(folder, "targets.json");
  const before = readFileSync(path, "utf8");
  const reader = openSync(path, "r");
  writeTargets(folder, ready());
  expect(readFileSync(reader, "utf8")).toBe(before);
  closeSync(reader);
  expect(readFileSync(path, "utf8")).toBe("[]");
});

test("nothing is left aside", () => {
  writePrometheusFiles(folder, [], { gateway: "http://127.0.0.1:8080" });
  expect(readdirSync(folder).sort()).toEqual(["prometheus.yml", "rules", "targets.json"]);
});
