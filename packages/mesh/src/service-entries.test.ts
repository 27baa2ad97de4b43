import { describe, expect, test } from "bun:test";
import { ask, join, V1 } from "./testing/ask-mesh.ts";
import { virtualService } from "./testing/build-mesh.ts";

describe("a ServiceEntry", () => {
  const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: demo }
spec: { hosts: [api.test, "*.wild.test", far.away.svc.cluster.local], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }], location: MESH_EXTERNAL, resolution: NONE, exportTo: ["."] }
`;
  const options = { outboundTrafficPolicy: "REGISTRY_ONLY" } as const;
  test.each([
    [{ host: "api.test" }, "api.test:80"],
    [{ host: "api.test." }, "api.test:80"],
    [{ host: "x.wild.test" }, "*.wild.test:80"],
    [{ host: "x.wild.test." }, "*.wild.test:80"],
    [{ host: "far.away" }, "far.away.svc.cluster.local:80"],
    [{ host: "far" }, "502"],
    [{ host: "api.test", port: 443 }, "502"],
    [{ host: "api.test", from: "other" }, "502"],
  ])("%j: %s", (asked, expected) => {
    expect(ask(entry, { ...asked, options })).toBe(expected);
  });

  test("of a host that others have as well holds at home", () => {
    const other = entry
      .replace("namespace: demo", "namespace: other")
      .replace("number: 80", "number: 81");
    const both = join(entry, other).replaceAll(', exportTo: ["."]', "");
    const at = (port: number, from: string) => ask(both, { host: "api.test", from, port, options });
    expect([at(81, "other"), at(80, "other")]).toEqual(["api.test:81", "502"]);
    expect([at(81, "demo"), at(80, "demo"), at(80, "third")]).toEqual([
      "502",
      "api.test:80",
      "api.test:80",
    ]);
  });

  test("has its name before a Service that has it for short", () => {
    const own = entry.replace("[api.test,", "[one.demo,");
    expect(ask(own, { host: "one.demo", options })).toBe("one.demo:80");
  });

  test("has routes by a VirtualService", () => {
    const vs = virtualService({ http: V1, spec: "hosts: [api.test]" });
    expect(ask(join(entry, vs), { host: "api.test", options })).toBe("one:80/v1");
  });
});
