import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { classifyImage, createModelFinder, parseImage } from "./images.ts";

const models = mkdtempSync(join(tmpdir(), "hookline-models-"));
afterAll(() => rmSync(models, { recursive: true }));
for (const [name, card] of [
  ["v1", '{"version":"1.0.0"}'],
  ["v2", '{"version":"2.0.0"}'],
  ["broken", "{"],
] as const) {
  mkdirSync(join(models, name));
  writeFileSync(join(models, name, "card.json"), card);
}

test.each([
  ["ghcr.io/hookline/app:0.1.0", "app", "0.1.0"],
  ["app", "app", "latest"],
  ["localhost:5000/app", "app", "latest"],
  ["docker.io/library/redis:8.6.4-alpine@sha256:2cc0", "redis", "8.6.4-alpine"],
])("parseImage() of %s", (reference, name, tag) => {
  expect(parseImage(reference)).toEqual({ name, tag });
});

test.each([
  ["ghcr.io/hookline/app:0.1.0", { kind: "program", program: "app" }],
  ["registry.example/fork/shadow-report", { kind: "program", program: "shadow-report" }],
  ["docker.io/library/redis:8", { kind: "third-party", name: "redis" }],
  ["docker.io/library/nginx:1", { kind: "unknown" }],
] as const)("classifyImage() of %s", (reference, expected) => {
  expect(classifyImage(reference)).toEqual(expected);
});

test("createModelFinder() finds a model's folder by the version in its card", () => {
  const find = createModelFinder(models);
  expect(find("ghcr.io/hookline/model:2.0.0")).toBe(join(models, "v2"));
});

test.each(["ghcr.io/hookline/model:3.0.0", "ghcr.io/hookline/other:1.0.0"])(
  "createModelFinder() refuses %s and names what exists",
  (reference) => {
    expect(() => createModelFinder(models)(reference)).toThrow(
      `Cannot find the model image "${reference}": model:<version> exists for 1.0.0, 2.0.0`,
    );
  },
);

test("createModelFinder() says where models are looked for when there are none", () => {
  expect(() => createModelFinder("/no/models")("ghcr.io/hookline/model:1.0.0")).toThrow(
    'Cannot find models: there is no folder "/no/models" that can be read; bun run train makes them',
  );
});
