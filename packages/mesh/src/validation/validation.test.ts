import { describe, expect, test } from "bun:test";
import { lint } from "../lint/index.ts";
import { readManifests } from "../read-manifests.ts";
import { buildMesh, GATEWAY } from "../testing/build-mesh.ts";
import { catchRefusal } from "../testing/catch-refusal.ts";
import { of, REFUSED_ROUTES } from "../testing/refused-routes.ts";
import { HTTP, HTTPS, PORTS, TAKEN } from "../testing/taken-values.ts";

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: "security.istio.io/v1",
  PeerAuthentication: "security.istio.io/v1",
};

function write(kind: string, spec: string): string {
  const group = GROUPS[kind] ?? "networking.istio.io/v1";
  return `apiVersion: ${group}\nkind: ${kind}\nmetadata: { name: x, namespace: demo }\nspec: ${spec}\n`;
}

// Each is refused by Istio's own functions (pkg/config/validation of the branch release-1.30).
const REFUSED = [
  ...REFUSED_ROUTES,
  ...of(
    "DestinationRule",
    ["{ host: a b }", "spec.host"],
    ["{ host: a, subsets: [{ name: v.1, labels: { a: b } }] }", "spec.subsets[0].name"],
    [
      "{ host: a, subsets: [{ name: v, labels: {} }, { name: v, labels: {} }] }",
      "spec.subsets[1].name",
    ],
    ["{ host: a, subsets: [{ name: v, labels: { a b: c } }] }", "spec.subsets[0].labels"],
    ["{ host: a, trafficPolicy: {} }", "spec.trafficPolicy"],
    ["{ host: a, trafficPolicy: { connectionPool: {} } }", "spec.trafficPolicy.connectionPool"],
    [
      "{ host: a, trafficPolicy: { outlierDetection: { interval: 0s } } }",
      "spec.trafficPolicy.outlierDetection.interval",
    ],
    ["{ host: a, trafficPolicy: { tls: { mode: FROB } } }", "spec.trafficPolicy.tls.mode"],
    [
      "{ host: a, trafficPolicy: { tls: { mode: MUTUAL } } }",
      "spec.trafficPolicy.tls.clientCertificate",
    ],
    [
      "{ host: a, trafficPolicy: { tls: { mode: MUTUAL, clientCertificate: b } } }",
      "spec.trafficPolicy.tls.privateKey",
    ],
    [
      "{ host: a, trafficPolicy: { tls: { mode: SIMPLE, credentialName: b, caCertificates: c } } }",
      "spec.trafficPolicy.tls.caCertificates",
    ],
    [
      "{ host: a, trafficPolicy: { connectionPool: { tcp: { connectTimeout: 0s } } } }",
      "spec.trafficPolicy.connectionPool.tcp.connectTimeout",
    ],
    [
      "{ host: a, trafficPolicy: { connectionPool: { tcp: { idleTimeout: .5ms } } } }",
      "spec.trafficPolicy.connectionPool.tcp.idleTimeout",
    ],
    [
      "{ host: a, trafficPolicy: { connectionPool: { http: { idleTimeout: 0s } } } }",
      "spec.trafficPolicy.connectionPool.http.idleTimeout",
    ],
    ["{ host: a, subsets: [{ name: v, trafficPolicy: {} }] }", "spec.subsets[0].trafficPolicy"],
    ["{ host: a, workloadSelector: { matchLabels: { a: b } }, exportTo: [c] }", "spec.exportTo"],
    [
      "{ host: a, workloadSelector: { matchLabels: { a: '*' } } }",
      "spec.workloadSelector.matchLabels.a",
    ],
  ),
  ...of(
    "Gateway",
    [
      "{ servers: [{ port: { number: 80, protocol: HTTP }, hosts: [a.com] }] }",
      "spec.servers[0].port.name",
    ],
    [`{ servers: [{ ${HTTP}, hosts: [short] }] }`, "spec.servers[0].hosts[0]"],
    [`{ servers: [{ ${HTTP}, hosts: [~/a.com] }] }`, "spec.servers[0].hosts[0]"],
    [
      `{ servers: [{ ${HTTP}, hosts: [a.com] }, { ${HTTP}, hosts: [b.com] }] }`,
      "spec.servers[1].port.name",
    ],
    [
      `{ servers: [{ ${HTTP}, hosts: [a.com], tls: { mode: SIMPLE, credentialName: a } }] }`,
      "spec.servers[0].tls",
    ],
    [`{ servers: [{ ${HTTPS}, hosts: [a.com] }] }`, "spec.servers[0].tls"],
    [
      `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: SIMPLE } }] }`,
      "spec.servers[0].tls.serverCertificate",
    ],
    [
      `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: SIMPLE, serverCertificate: a } }] }`,
      "spec.servers[0].tls.privateKey",
    ],
    [
      `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: MUTUAL, serverCertificate: a, privateKey: b } }] }`,
      "spec.servers[0].tls.caCertificates",
    ],
    [
      `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: ISTIO_MUTUAL, credentialName: a } }] }`,
      "spec.servers[0].tls.credentialName",
    ],
    [
      `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: SIMPLE, credentialName: a, serverCertificate: b, privateKey: c } }] }`,
      "spec.servers[0].tls.credentialName",
    ],
    [
      `{ servers: [{ ${HTTP}, hosts: [a.com], tls: { httpsRedirect: true, privateKey: a } }] }`,
      "spec.servers[0].tls",
    ],
    [
      `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: ISTIO_MUTUAL, privateKey: a } }] }`,
      "spec.servers[0].tls.privateKey",
    ],
    [`{ servers: [{ ${HTTP}, hosts: ["*a.com"] }] }`, "spec.servers[0].hosts[0]"],
    [
      `{ servers: [{ ${HTTP.replace(" }", ", targetPort: 8080 }")}, hosts: [a.com] }] }`,
      "spec.servers[0].port.targetPort",
    ],
  ),
  ...of(
    "Sidecar",
    ["{}", "spec"],
    ["{ egress: [{ hosts: [./*] }, { hosts: [b/*] }] }", "spec.egress[0]"],
    ["{ egress: [{ hosts: [./short] }] }", "spec.egress[0].hosts[0]"],
    [
      "{ egress: [{ hosts: [b/*], port: { number: 80, protocol: HTTP, name: a b } }] }",
      "spec.egress[0].port.name",
    ],
    [
      "{ egress: [{ hosts: [b/*], port: { number: 80, protocol: FROB } }] }",
      "spec.egress[0].port.protocol",
    ],
    [
      `{ egress: [{ hosts: [b/*], ${HTTP} }, { hosts: [c/*], ${HTTP} }] }`,
      "spec.egress[1].port.number",
    ],
    [
      '{ workloadSelector: { labels: { a: "*" } }, egress: [{ hosts: [./*] }] }',
      "spec.workloadSelector.labels.a",
    ],
  ),
  ...of(
    "ServiceEntry",
    [`{ hosts: ["*"], ${PORTS} }`, "spec.hosts[0]"],
    [`{ hosts: ["*.a.com"], ${PORTS}, resolution: DNS }`, "spec.hosts[0]"],
    [`{ hosts: ["*.a.com", a.com], ${PORTS}, resolution: DYNAMIC_DNS }`, "spec.hosts[1]"],
    [`{ hosts: [a.com], addresses: [b], ${PORTS} }`, "spec.addresses[0]"],
    ["{ hosts: [a.com], ports: [{ number: 80, protocol: HTTP }] }", "spec.ports[0].name"],
    [`{ hosts: [a.com], ${PORTS}, endpoints: [{ address: 10.0.0.1 }] }`, "spec.endpoints"],
    [
      `{ hosts: [a.com], ${PORTS}, resolution: STATIC, workloadSelector: { labels: { a: b } }, endpoints: [] }`,
      "spec.endpoints",
    ],
    [
      "{ hosts: [a.com], ports: [{ number: 80, name: a }, { number: 80, name: b }] }",
      "spec.ports[1].number",
    ],
    [
      "{ hosts: [a.com], ports: [{ number: 80, name: a }, { number: 81, name: a }] }",
      "spec.ports[1].name",
    ],
    [
      "{ hosts: [a.com], ports: [{ number: 80, name: a, protocol: FROB }] }",
      "spec.ports[0].protocol",
    ],
    [
      "{ hosts: [a.com, b.com], ports: [{ number: 80, name: a, protocol: TCP }], resolution: STATIC }",
      "spec.ports[0].protocol",
    ],
    [`{ hosts: [a.com], ${PORTS}, addresses: [10.0.0.0/8], resolution: DNS }`, "spec.addresses"],
    [
      `{ hosts: [a.com], ${PORTS}, resolution: DNS_ROUND_ROBIN, endpoints: [{ address: b.c }, { address: d.e }] }`,
      "spec.endpoints",
    ],
    [
      `{ hosts: [a.com], ${PORTS}, resolution: DNS, endpoints: [{ address: b_c }] }`,
      "spec.endpoints[0].address",
    ],
    [`{ hosts: [a.com], ${PORTS}, exportTo: ["~", a] }`, "spec.exportTo"],
    [`{ hosts: [a.com], ${PORTS}, exportTo: [A B] }`, "spec.exportTo[0]"],
  ),
  ...of(
    "AuthorizationPolicy",
    ["{ action: DENY }", "spec.rules"],
    ["{ provider: { name: a } }", "spec.provider"],
    [
      "{ rules: [{ from: [{ source: { serviceAccounts: [a/b/c] } }] }] }",
      "spec.rules[0].from[0].source.serviceAccounts[0]",
    ],
    [
      "{ rules: [{ from: [{ source: { serviceAccounts: [a], namespaces: [b] } }] }] }",
      "spec.rules[0].from[0].source",
    ],
    [
      "{ rules: [{ to: [{ operation: { paths: ['/a/{**}/{*}'] } }] }] }",
      "spec.rules[0].to[0].operation.paths[0]",
    ],
    [
      "{ rules: [{ from: [{ source: { serviceAccounts: [a], principals: [b] } }] }] }",
      "spec.rules[0].from[0].source",
    ],
    [
      `{ rules: [{ from: [{ source: { serviceAccounts: [${"a,".repeat(17)}] } }] }] }`,
      "spec.rules[0].from[0].source.serviceAccounts",
    ],
    [
      "{ rules: [{ to: [{ operation: { paths: ['/a b/{**}'] } }] }] }",
      "spec.rules[0].to[0].operation.paths[0]",
    ],
    [
      "{ rules: [{ to: [{ operation: { notPaths: ['/a/{x}'] } }] }] }",
      "spec.rules[0].to[0].operation.notPaths[0]",
    ],
    ["{ rules: [{ when: [{ key: destination.port, values: [http] }] }] }", "spec.rules[0].when[0]"],
    [
      "{ rules: [{ when: [{ key: destination.port, notValues: ['65536'] }] }] }",
      "spec.rules[0].when[0]",
    ],
    ["{ rules: [{ when: [{ key: remote.ip, values: [10.0.0.0/33] }] }] }", "spec.rules[0].when[0]"],
    [
      "{ rules: [{ from: [{ source: { notServiceAccounts: [a*] } }] }] }",
      "spec.rules[0].from[0].source.notServiceAccounts[0]",
    ],
    ["{ selector: { matchLabels: { a: '*' } } }", "spec.selector.matchLabels.a"],
  ),
  ...of(
    "PeerAuthentication",
    [
      "{ selector: { matchLabels: { a: b } }, portLevelMtls: { 0: { mode: STRICT } } }",
      "spec.portLevelMtls.0",
    ],
    ["{ selector: { matchLabels: { a: b } }, portLevelMtls: {} }", "spec.portLevelMtls"],
    [
      "{ selector: { matchLabels: { a: b } }, portLevelMtls: { 65536: { mode: STRICT } } }",
      "spec.portLevelMtls.65536",
    ],
    ["{ selector: { matchLabels: { a: '*' } } }", "spec.selector.matchLabels.a"],
  ),
];

describe("what Istio's webhook refuses", () => {
  test.each(REFUSED)("%s %s", (kind, spec, field) => {
    const manifest = write(kind, spec);
    const refusal = catchRefusal(() => buildMesh(manifest).router(GATEWAY));
    expect<unknown>([refusal.code, refusal.resource, refusal.field]).toEqual([
      "INVALID",
      `${kind}/demo/x`,
      field,
    ]);
    const told = lint(readManifests(manifest)).filter(({ code }) => code === "IST0106");
    expect(told.map((one) => [one.resource, one.field])).toEqual([[`${kind}/demo/x`, field]]);
  });
});

test("a refusal of certificates names the mode that needs them", () => {
  const tls = "tls: { mode: OPTIONAL_MUTUAL }";
  const manifest = write("Gateway", `{ servers: [{ ${HTTPS}, hosts: [a.com], ${tls} }] }`);
  const { message } = catchRefusal(() => buildMesh(manifest).router(GATEWAY));
  expect(message).toContain("OPTIONAL_MUTUAL needs it");
});

test.each(TAKEN)("what Istio's webhook takes: %s %s", (kind, spec) => {
  expect(() => buildMesh(write(kind, spec)).router(GATEWAY)).not.toThrow();
});
