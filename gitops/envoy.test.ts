import { afterAll, describe, expect, test } from "bun:test";
import { compileLimits, type LimiterAnswer, type MeshRequest } from "@hookline/mesh";
import { GATEWAY_POD } from "./checks/pods.ts";
import { createGateways, readOverlay } from "./real-envoy.ts";

// The filter, its actions and the body of a 429, given to a real Envoy as Istio would.

const absent = Bun.which("envoy") === null;
if (absent)
  console.warn("gitops/envoy.test.ts: envoy is not installed, the limits are not tried in it");

const { startEnvoy, startLimiter, stop } = createGateways();
afterAll(stop);

const GATEWAY = {
  kind: "gateway",
  labels: GATEWAY_POD.labels,
  namespace: "hookline",
  port: 80,
} as const;

/** What a browser says that it takes when a person goes to a page. */
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const ACCEPTS = [BROWSER, "TEXT/HTML", "*/*", "application/json, text/html", ""];

function buildRequest(headers: Readonly<Record<string, string>>): MeshRequest {
  return {
    method: "GET",
    authority: "localhost",
    path: "/",
    scheme: "http",
    clientAddress: "127.0.0.1",
    port: 80,
    header: (name) => headers[name],
  };
}

async function countOk(
  gateway: string,
  times: number,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  let passed = 0;
  for (let i = 0; i < times; i += 1) {
    const response = await fetch(gateway, { headers });
    await response.text();
    passed += response.status === 200 ? 1 : 0;
  }
  return passed;
}

describe.skipIf(absent)("in a real Envoy", () => {
  test("each user has 10, each address without one 10, and all together 100", async () => {
    const gateway = await startEnvoy("production", await startLimiter("production"));
    expect(await countOk(gateway, 12, { authorization: "one" })).toBe(10);
    expect(await countOk(gateway, 12, { authorization: "two" })).toBe(10);
    expect(await countOk(gateway, 12, {})).toBe(10);
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        countOk(gateway, 10, { authorization: `user ${index}` }),
      ),
    );
    // 30 are used up: refused requests are not counted for all.
    expect(others.reduce((sum, one) => sum + one, 0)).toBe(70);
    const refused = await fetch(gateway, { headers: { authorization: "one" } });
    const reset = refused.headers.get("x-ratelimit-reset");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, reset]);
    expect(Number(reset)).toBeGreaterThan(0);
    expect(refused.headers.get("content-type")).toBe("application/json");
    expect(await refused.json()).toEqual({
      error: { code: "limited", message: "Too many requests" },
    });
  }, 120_000);

  test("its answers to limits are the mesh's, byte for byte", async () => {
    const answers: LimiterAnswer[] = [];
    const port = await startLimiter("production", (answer) => answers.push(answer));
    const gateway = await startEnvoy("production", port);
    const headers = { authorization: "one" };
    const passed = await fetch(gateway, { headers });
    const names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    const read = (response: Response) => names.map((name) => [name, response.headers.get(name)]);
    expect<unknown>(read(passed)).toEqual(answers[0]?.headers);
    expect(passed.headers.get("x-ratelimit-limit")).toBe("10, 100;w=60, 10;w=60");
    await countOk(gateway, 9, headers);
    const { rendered } = await readOverlay("production");
    const { reply } = compileLimits(rendered, GATEWAY);
    for (const accept of ACCEPTS) {
      const refused = await fetch(gateway, { headers: { ...headers, accept } });
      expect<unknown>(read(refused)).toEqual(answers.at(-1)?.headers);
      expect(refused.headers.get("x-envoy-ratelimited")).toBe("true");
      const limited = reply({
        status: 429,
        body: "",
        flag: "RL",
        headers: answers.at(-1)?.headers ?? [],
        request: buildRequest({ accept }),
      });
      const text = await refused.text();
      expect({ contentType: refused.headers.get("content-type"), text }).toEqual(
        limited.body ?? { contentType: null, text: "" },
      );
      const added = limited.headers.map(({ name }) => [name, refused.headers.get(name)]);
      expect<unknown>(added).toEqual(limited.headers.map(({ name, value }) => [name, value]));
    }
  }, 120_000);

  test("a person over a limit reads which it is and when to come again, a program gets JSON", async () => {
    let resetSeconds = 0;
    const port = await startLimiter("production", ({ statuses }) => {
      resetSeconds = Math.min(...statuses.map((one) => one.resetSeconds));
    });
    const gateway = await startEnvoy("production", port);
    await countOk(gateway, 10, { authorization: "one" });
    const ask = (accept: string) =>
      fetch(gateway, { headers: { authorization: "one", accept, "sec-fetch-mode": "navigate" } });
    const page = await ask(BROWSER);
    expect([page.status, page.headers.get("retry-after")]).toEqual([429, `${resetSeconds}`]);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const text = await page.text();
    expect(text).toContain(`Try again in ${resetSeconds} s.`);
    const { config } = await readOverlay("production");
    const limits = [...JSON.stringify(config).matchAll(/"requests_?[pP]er_?[uU]nit":(\d+)/g)];
    expect(new Set(limits.map(([, limit]) => limit))).toEqual(new Set(["10", "100"]));
    for (const [, limit] of limits)
      expect(text).toMatch(new RegExp(`\\b${limit} (a minute|times)`));
    for (const accept of ["*/*", "application/json", "application/json, text/html;q=0.5"]) {
      expect(await (await ask(accept)).json()).toEqual({
        error: { code: "limited", message: "Too many requests" },
      });
    }
  }, 120_000);

  test.each([
    ["production", 200],
    ["ratelimit", 500],
  ])(
    "without a limiter %s answers %d, soon",
    async (overlay, status) => {
      // Nothing listens where the backend was: a limiter that is down.
      const closed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
      const port = closed.port ?? 0;
      await closed.stop(true);
      const gateway = await startEnvoy(overlay, port);
      expect((await fetch(gateway)).status).toBe(status);
    },
    120_000,
  );
});
