import { expect, test } from "bun:test";
import { compileLimits, createLimiter } from "@hookline/mesh";
import { GATEWAY_POD } from "./checks/pods.ts";
import { readOverlay } from "./real-envoy.ts";

/** What the limiter says to a request for a path of the overlay's gateway, from one address. */
async function createAsk(overlay: string) {
  const { rendered, config } = await readOverlay(overlay);
  const namespace = overlay === "production" ? "hookline" : `hookline-${overlay}`;
  const gateway = { kind: "gateway", labels: GATEWAY_POD.labels, namespace, port: 80 } as const;
  const route = { virtualHost: "*:80", domains: ["*"], name: "app", action: "ROUTE" } as const;
  const limits = compileLimits(rendered, gateway).of({ ...route, port: 80 });
  const limiter = createLimiter(config === undefined ? [] : [config], {
    now: () => 0,
    stopIncrementWhenOverLimit: true,
  });
  return (path: string, clientAddress = "192.0.2.1"): boolean => {
    const place = { method: "GET", authority: "*", scheme: "http" } as const;
    const sent = limits?.({ ...place, path, clientAddress, header: () => undefined }, "");
    const answer = limiter.check(sent?.domain ?? "", sent?.descriptors ?? []);
    return answer.overall === "OK";
  };
}

test.each(["production", "ratelimit"])("%s counts the files of the page apart", async (overlay) => {
  const ask = await createAsk(overlay);
  const visit = ["/", "/assets/style.1.css", "/assets/enhance.1.js", "/assets/favicon.1.svg"];
  // Ten windows behind one address: each gets the page with its style.
  for (let window = 0; window < 10; window += 1)
    expect(visit.map((path) => ask(path))).toEqual([true, true, true, true]);
  expect(ask("/")).toBe(false);
  const more = Array.from({ length: 31 }, () => ask("/assets/style.1.css"));
  expect(more.lastIndexOf(true)).toBe(29);
  // None of that was taken from the others.
  const others = Array.from({ length: 95 }, (_, at) => ask("/", `198.51.100.${at}`));
  expect(others.filter((passed) => passed)).toHaveLength(90);
});
