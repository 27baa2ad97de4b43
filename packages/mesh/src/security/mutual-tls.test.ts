import { describe, expect, test } from "bun:test";
import { readManifests } from "../read-manifests.ts";
import { compileSecurity } from "./index.ts";

const WORKLOAD = { namespace: "shop", labels: { app: "cart" } };

describe("mutualTls()", () => {
  const peer = (name: string, namespace: string, spec: string) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
---`;
  const mesh = peer("default", "istio-system", "{ mtls: { mode: STRICT } }");
  const namespace = peer("default", "shop", "{ mtls: { mode: DISABLE } }");
  const own = (spec: string) =>
    peer("own", "shop", `{ selector: { matchLabels: { app: cart } }, ${spec} }`);
  const ports = (mode: string) => `portLevelMtls: { "9090": { mode: ${mode} } }`;
  test.each<[string, string, number, string, string | undefined]>([
    ["nothing", "", 80, "PERMISSIVE", undefined],
    ["the mesh's", mesh, 80, "STRICT", "PeerAuthentication/istio-system/default"],
    ["the namespace's", mesh + namespace, 80, "DISABLE", "PeerAuthentication/shop/default"],
    [
      "the namespace's, unset",
      mesh + peer("d", "shop", "{}"),
      80,
      "STRICT",
      "PeerAuthentication/istio-system/default",
    ],
    [
      "its own",
      mesh + namespace + own("mtls: { mode: PERMISSIVE }"),
      80,
      "PERMISSIVE",
      "PeerAuthentication/shop/own",
    ],
    [
      "its own for the port",
      mesh + own(`mtls: { mode: STRICT }, ${ports("PERMISSIVE")}`),
      9090,
      "PERMISSIVE",
      "PeerAuthentication/shop/own",
    ],
    [
      "its own for another port",
      mesh + own(`mtls: { mode: DISABLE }, ${ports("PERMISSIVE")}`),
      80,
      "DISABLE",
      "PeerAuthentication/shop/own",
    ],
    [
      "an unset port's",
      namespace + own(ports("UNSET")),
      9090,
      "DISABLE",
      "PeerAuthentication/shop/default",
    ],
    [
      "one of other pods",
      peer("x", "shop", "{ selector: { matchLabels: { app: x } }, mtls: { mode: STRICT } }"),
      80,
      "PERMISSIVE",
      undefined,
    ],
    [
      "the first of two by name",
      peer("b", "shop", "{ mtls: { mode: STRICT } }") +
        peer("a", "shop", "{ mtls: { mode: DISABLE } }"),
      80,
      "DISABLE",
      "PeerAuthentication/shop/a",
    ],
    [
      "a selecting one of the root namespace does not count",
      peer(
        "r",
        "istio-system",
        "{ selector: { matchLabels: { app: cart } }, mtls: { mode: STRICT } }",
      ),
      80,
      "PERMISSIVE",
      undefined,
    ],
  ])("%s", (_, text, port, mode, by) => {
    const found = compileSecurity(readManifests(text)).mutualTls(WORKLOAD, port);
    expect<unknown>(found).toEqual({ mode, policy: by });
  });

  test("refuses ports of a policy that selects nothing", () => {
    expect(() =>
      compileSecurity(readManifests(peer("d", "shop", `{ ${ports("STRICT")} }`))),
    ).toThrow("portLevelMtls needs a selector");
  });

  test("our pods take plain text at their metrics only", async () => {
    const golden = new URL("../../../../gitops/golden/production.yaml", import.meta.url).pathname;
    const security = compileSecurity(readManifests(await Bun.file(golden).text()));
    const app = { namespace: "hookline", labels: { "app.kubernetes.io/name": "app" } };
    expect([8080, 9090].map((port) => security.mutualTls(app, port).mode)).toEqual([
      "STRICT",
      "PERMISSIVE",
    ]);
  });
});
