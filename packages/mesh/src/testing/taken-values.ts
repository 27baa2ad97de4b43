const TO = "route: [{ destination: { host: one } }]";
export const HTTP = "port: { number: 80, protocol: HTTP, name: http }";
export const HTTPS = "port: { number: 443, protocol: HTTPS, name: https }";
export const PORTS = "ports: [{ number: 80, name: http, protocol: HTTP }]";

/** Each is taken by the functions of Istio's webhook (pkg/config/validation of the branch release-1.30). */
export const TAKEN = [
  ["VirtualService", `{ hosts: ["*"], gateways: [front], http: [{ ${TO}, timeout: .5s }] }`],
  ["VirtualService", `{ hosts: ["10.0.0.1"], gateways: [front], http: [{ ${TO} }] }`],
  [
    "VirtualService",
    `{ hosts: [a.com.], gateways: [b.demo.svc.cluster.local], http: [{ ${TO} }] }`,
  ],
  ["VirtualService", `{ hosts: [a.com], http: [{ ${TO}, match: [{ uri: { prefix: "" } }] }] }`],
  [
    "VirtualService",
    `{ hosts: [a.com], http: [{ ${TO}, match: [{ withoutHeaders: { a: { regex: "*" } } }] }] }`,
  ],
  [
    "DestinationRule",
    "{ host: a, trafficPolicy: { connectionPool: { http: { idleTimeout: 1s } }, tls: { mode: ISTIO_MUTUAL, credentialName: b, caCrl: c } } }",
  ],
  [
    "DestinationRule",
    "{ host: '*.a', trafficPolicy: { connectionPool: { tcp: { idleTimeout: 0s } } } }",
  ],
  [
    "DestinationRule",
    "{ host: a, trafficPolicy: { tls: { mode: MUTUAL, credentialName: b } }, workloadSelector: { matchLabels: { a: b } }, exportTo: [demo] }",
  ],
  ["Gateway", `{ servers: [{ ${HTTP}, hosts: ["./*"], tls: { httpsRedirect: true } }] }`],
  [
    "Gateway",
    `{ servers: [{ ${HTTPS}, hosts: ["*"], tls: { mode: SIMPLE, credentialName: a } }] }`,
  ],
  [
    "Gateway",
    `{ servers: [{ ${HTTPS}, hosts: ["*"], tls: { mode: MUTUAL, caCertificates: a, tlsCertificates: [b] } }] }`,
  ],
  [
    "Gateway",
    `{ servers: [{ ${HTTPS}, hosts: [b/a.com, 10.0.0.1], tls: { mode: ISTIO_MUTUAL } }] }`,
  ],
  [
    "Gateway",
    `{ servers: [{ ${HTTPS}, hosts: [a.com], tls: { mode: MUTUAL, credentialNames: [a], credentialName: "" } }] }`,
  ],
  ["Sidecar", "{ egress: [{ hosts: ['~/a.com'] }] }"],
  ["Sidecar", "{ outboundTrafficPolicy: {} }"],
  ["Sidecar", `{ egress: [{ hosts: [b/*], ${HTTP} }, { hosts: [./*] }] }`],
  [
    "AuthorizationPolicy",
    "{ rules: [{ from: [], to: [{ operation: { paths: ['/{*}/a/{**}'] } }] }] }",
  ],
  ["ServiceEntry", `{ hosts: [a.com], ${PORTS}, exportTo: ["~"] }`],
  ["ServiceEntry", `{ hosts: ["*.a.com"], ${PORTS}, resolution: DYNAMIC_DNS }`],
  ["ServiceEntry", "{ hosts: [a.com, b.com], ports: [{ number: 80, name: a, protocol: TCP }] }"],
  [
    "ServiceEntry",
    "{ hosts: [a.com], ports: [{ number: 80, name: a }], resolution: STATIC, workloadSelector: { labels: { a: b } } }",
  ],
  [
    "ServiceEntry",
    `{ hosts: ["*.a.com"], ${PORTS}, resolution: DNS, endpoints: [{ address: b.c }, { address: 10.0.0.1 }] }`,
  ],
  [
    "ServiceEntry",
    `{ hosts: [a.com], ${PORTS}, resolution: DNS_ROUND_ROBIN, endpoints: [{ address: b.c }] }`,
  ],
] as const;
