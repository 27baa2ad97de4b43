import { expect, test } from "bun:test";
import { createDiscovery } from "./discovery.ts";

const widget = {
  apiVersion: "x.example/v1",
  kind: "Widget",
  metadata: { name: "a", namespace: "n" },
};

test.each([
  [401, "UNAUTHORIZED"],
  [403, "FORBIDDEN"],
  [500, "REFUSED"],
  [503, "REFUSED"],
])("locate() does not take an answer of %d for a kind that is not served", async (status, code) => {
  const body = { kind: "Status", message: "etcdserver: request timed out" };
  const discovery = createDiscovery({ request: async () => ({ status, body }) });
  await expect(discovery.locate(widget)).rejects.toMatchObject({ code });
});

test("locate() knows no place of a kind that is not served", async () => {
  const discovery = createDiscovery({ request: async () => ({ status: 404, body: {} }) });
  expect(await discovery.locate(widget)).toBeUndefined();
});
