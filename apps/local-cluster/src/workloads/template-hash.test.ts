import { expect, test } from "bun:test";
import { configMap, deployment } from "../testing/manifests.ts";
import { readWorkload } from "./read-workload.ts";
import { parseResources } from "./resources.ts";
import { hashTemplate } from "./template-hash.ts";

function hash(parts: Parameters<typeof deployment>[1], data = { A: "1" }): string {
  const resources = parseResources([deployment("web", parts), configMap("settings", data)]);
  const [first] = resources.deployments.map((one) =>
    readWorkload(one, { resources, modelFolder: () => "" }),
  );
  if (first === undefined) throw new Error("Expected a workload");
  return hashTemplate(first.template);
}

const BASE = {
  container: { envFrom: [{ configMapRef: { name: "settings" } }] },
  pod: { volumes: [{ name: "m", configMap: { name: "settings" } }] },
};

test("hashTemplate() is the same for the same pods, whatever their number", () => {
  expect(hash({ ...BASE, spec: { replicas: 5 } })).toBe(hash(BASE));
  expect(hash(BASE)).toMatch(/^[a-z0-9]{10}$/);
});

test.each([
  ["a label", { ...BASE, labels: { x: "y" } }, { A: "1" }],
  ["a ConfigMap's value", BASE, { A: "2" }],
  ["the image", { ...BASE, container: { ...BASE.container, image: "app:2" } }, { A: "1" }],
] as const)("hashTemplate() differs by %s", (_, parts, data) => {
  expect(hash(parts, data)).not.toBe(hash(BASE));
});

test("hashTemplate() differs by the content of a file", () => {
  const files = { pod: BASE.pod };
  expect(hash(files, { A: "2" })).not.toBe(hash(files));
});
