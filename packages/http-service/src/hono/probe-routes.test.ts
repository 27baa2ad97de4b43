import { expect, test } from "bun:test";
import { probeRoutes } from "./probe-routes.ts";

test("probeRoutes() are ready until the program drains, and alive all the time", async () => {
  let draining = false;
  const app = probeRoutes({ isDraining: () => draining });
  expect(await (await app.request("/healthz")).json()).toEqual({ status: "ok" });
  expect(await (await app.request("/readyz")).json()).toEqual({ status: "ready" });
  draining = true;
  const stopping = await app.request("/readyz");
  expect([stopping.status, stopping.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await stopping.json()).toEqual({
    error: { code: "NOT_READY", message: "The process is stopping" },
  });
  expect((await app.request("/healthz")).status).toBe(200);
});
