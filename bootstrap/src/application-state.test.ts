import { describe, expect, test } from "bun:test";
import { readApplicationState } from "./application-state.ts";

const read = (status?: unknown) => readApplicationState({ metadata: { name: "app" }, status });
const WELL = { sync: { status: "Synced" }, health: { status: "Healthy" } };

describe("readApplicationState()", () => {
  test.each([
    ["nothing yet", undefined, { sync: "Unknown", health: "Unknown", done: false }],
    ["empty texts", { sync: { status: "" }, health: {} }, { sync: "Unknown", done: false }],
    ["all well", WELL, { sync: "Synced", health: "Healthy", done: true }],
    ["behind", { ...WELL, sync: { status: "OutOfSync" } }, { sync: "OutOfSync", done: false }],
    ["not ready", { ...WELL, health: { status: "Progressing" } }, { done: false }],
  ])("%s", (_, status, expected) => {
    expect(read(status)).toMatchObject({ ...expected, problem: undefined });
  });

  const part = { kind: "Deployment", namespace: "hookline", name: "app" };
  test.each([
    [
      "manifests that cannot be made",
      { ...WELL, conditions: [{ type: "ComparisonError", message: "a\n  b" }] },
      "a b",
    ],
    [
      "a warning only",
      { ...WELL, conditions: [{ type: "OrphanedResourceWarning", message: "x" }] },
      undefined,
    ],
    [
      "a resource that was refused",
      {
        operationState: {
          phase: "Failed",
          message: "one or more objects failed",
          syncResult: { resources: [{ ...part, status: "SyncFailed", message: "no such field" }] },
        },
      },
      "Deployment hookline/app: no such field",
    ],
    ["an operation without results", { operationState: { phase: "Error", message: "why" } }, "why"],
    [
      "an operation under way",
      { operationState: { phase: "Running", message: "waiting" } },
      undefined,
    ],
    [
      "an ill resource",
      {
        health: { status: "Degraded" },
        resources: [part, { ...part, health: { status: "Degraded", message: "too slow" } }],
      },
      "Deployment hookline/app is degraded: too slow",
    ],
    ["ill without a resource", { health: { status: "Degraded", message: "why" } }, "why"],
  ])("problem of %s", (_, status, problem) => {
    expect(read(status).problem).toBe(problem);
  });
});
