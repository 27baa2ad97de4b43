import { expect, test } from "bun:test";
import { tellLength } from "./tell-length.ts";

test.each([
  ["text beyond ASCII", "straße", "7"],
  ["nothing", null, "0"],
])("tellLength() counts the bytes of %s and leaves the body", async (_, body, length) => {
  const response = new Response(body);
  await tellLength(response);
  expect(response.headers.get("content-length")).toBe(length);
  expect(await response.text()).toBe(body ?? "");
});

test("a server says to HEAD what it would send to GET", async () => {
  const server = Bun.serve({
    port: 0,
    async fetch() {
      const response = new Response("straße");
      await tellLength(response);
      return new Response(null, response);
    },
  });
  const { headers } = await fetch(server.url, { method: "HEAD" });
  expect(headers.get("content-length")).toBe("7");
  await server.stop(true);
});
