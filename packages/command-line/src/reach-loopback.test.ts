import { expect, test } from "bun:test";
import { reachLoopback } from "./reach-loopback.ts";

test.each([
  ["nothing", {}, "localhost,127.0.0.1,::1"],
  ["NO_PROXY", { NO_PROXY: "intra.example" }, "intra.example,localhost,127.0.0.1,::1"],
  ["an empty no_proxy", { no_proxy: "", NO_PROXY: "a" }, "a,localhost,127.0.0.1,::1"],
  ["both", { no_proxy: "a", NO_PROXY: "b" }, "a,localhost,127.0.0.1,::1"],
])("reachLoopback() of %s", (_, told, expected) => {
  const environment: Record<string, string | undefined> = told;
  reachLoopback(environment);
  expect(environment["no_proxy"]).toBe(expected);
});

test("reachLoopback() lets fetch reach this machine where a proxy is set", async () => {
  using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("here") });
  const program = `
    import { reachLoopback } from "${import.meta.dirname}/reach-loopback.ts";
    reachLoopback();
    console.write(await (await fetch("${server.url}")).text());`;
  const child = Bun.spawn([process.execPath, "-e", program], {
    env: { HTTP_PROXY: "http://127.0.0.1:9" },
    stderr: "inherit",
  });
  expect(await child.stdout.text()).toBe("here");
});
