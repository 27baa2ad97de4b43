import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { refuseHttp2, refuseUnspoken } from "./refuse-unspoken.ts";
import { renderOverlay } from "./render.ts";

const GITOPS = join(import.meta.dirname, "../../../../gitops");
const of = (kind: string, spec: object) =>
  JSON.parse(JSON.stringify({ kind, metadata: { name: "x", namespace: "ns" }, spec }));
const server = (number: number, protocol: string) => ({ port: { number, protocol }, hosts: ["*"] });
const tls = (mode: string) => ({ trafficPolicy: { tls: { mode } } });

test.each([
  [of("Gateway", { servers: [server(443, "HTTPS")] }), "port 443 speaks HTTPS, not HTTP"],
  [
    of("Gateway", { servers: [server(80, "HTTP"), server(81, "HTTP")] }),
    "port 81 is a second one, beside 80",
  ],
  [
    of("ServiceEntry", { hosts: ["api.example.org"], resolution: "DNS" }),
    "api.example.org is outside of the overlay, and nothing here calls there",
  ],
  [
    of("DestinationRule", { host: "a", ...tls("SIMPLE") }),
    "TLS of mode SIMPLE is not spoken to pods",
  ],
  [
    of("DestinationRule", { host: "a", subsets: [{ name: "b", ...tls("MUTUAL") }] }),
    "TLS of mode MUTUAL is not spoken to pods",
  ],
])("refuseUnspoken() refuses %j by its name", (resource, why) => {
  const message = `Cannot run ${resource.kind} "ns/x": ${why}`;
  expect(() => refuseUnspoken([resource])).toThrow(message);
});

test.each([
  [of("Gateway", { servers: [server(80, "HTTP"), server(80, "HTTP")] })],
  [of("ServiceEntry", { hosts: ["db"], workloadSelector: { labels: { app: "db" } } })],
  [of("DestinationRule", { host: "a", ...tls("ISTIO_MUTUAL") })],
])("refuseUnspoken() takes %j", (resource) => {
  expect(refuseUnspoken([resource])).toBeUndefined();
});

test.each([
  [{ name: "grpc-web" }, true],
  [{ name: "http2" }, true],
  [{ name: "x", appProtocol: "kubernetes.io/h2c" }, true],
  [{ name: "grpc", appProtocol: "http" }, false],
  [{ name: "http" }, false],
])("refuseHttp2() of a port %j: %p", (port, refuses) => {
  const service = of("Service", { ports: [port] });
  const refuse = (ours: string) => () => refuseHttp2([service], new Set([ours]));
  if (refuses) expect(refuse("ns/x")).toThrow('Cannot run Service "ns/x": its port "');
  else expect(refuse("ns/x")()).toBeUndefined();
  expect(refuse("ns/other")()).toBeUndefined();
});

test.each(readdirSync(join(GITOPS, "overlays")))(
  "nothing is refused in the overlay %s",
  (overlay) => {
    const { resources } = renderOverlay({ gitops: GITOPS, overlay });
    expect(refuseUnspoken(resources)).toBeUndefined();
  },
);
