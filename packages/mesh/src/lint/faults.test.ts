import { describe, expect, test } from "bun:test";
import { ADDED } from "../testing/added-faults.ts";
import { CLEAN, check } from "../testing/small-mesh.ts";
import { LINT_CODES, type LintCode } from "./index.ts";

/** The lists of actions, and the filter. */
const LISTS = CLEAN.slice(
  CLEAN.indexOf("    - applyTo: VIRTUAL_HOST"),
  CLEAN.indexOf("---\napiVersion: v1\nkind: ConfigMap"),
);
const ASKING = CLEAN.slice(
  CLEAN.indexOf("    - applyTo: HTTP_FILTER"),
  CLEAN.indexOf("    - applyTo: VIRTUAL_HOST"),
);
const ROUTE_LISTS = `    - applyTo: HTTP_ROUTE
      match: { context: GATEWAY, routeConfiguration: { vhost: { route: { name: x } } } }
      patch: { operation: MERGE, value: { route: { rate_limits: [{ actions: [{ remote_address: {} }] }] } } }
`;

type Fault = [code: LintCode, where: string, old: string, changed: string];
const VS = "VirtualService/shop/app";
const FILTER = "EnvoyFilter/shop/limits";
const LIMITER = "ConfigMap/shop/limiter";
const FAULTS: readonly Fault[] = [
  ["IST0101", `${VS} spec.gateways[0]`, "gateways: [front]", "gateways: [back]"],
  [
    "IST0101",
    `${VS} spec.http[1].route[0].destination.host`,
    "host: app, subset: v1 } }]",
    "host: app.shop, subset: v1 } }]",
  ],
  [
    "IST0101",
    `${VS} spec.http[1].route[0].destination.subset`,
    "host: app, subset: v1 } }]",
    "host: app, subset: v9 } }]",
  ],
  [
    "IST0101",
    `${VS} spec.http[1].mirrors[0].destination.host`,
    "mirrors: [{ destination: { host: app",
    "mirrors: [{ destination: { host: x",
  ],
  [
    "IST0101",
    `${VS} spec.http[1].mirror.host`,
    "mirrors: [{ destination: { host: app, subset: v2 } }]",
    "mirror: { host: x }",
  ],
  [
    "IST0106",
    "VirtualService/shop/app spec.http[0].directResponse.status",
    "status: 404",
    "status: 9",
  ],
  [
    "IST0106",
    `${VS} spec.http[0].rewrite`,
    "directResponse: { status: 404",
    "rewrite: { uri: /x }\n      directResponse: { status: 404",
  ],
  [
    "HKL0001",
    "Gateway/shop/front spec.servers[0].port.protocol",
    "protocol: HTTP",
    "protocol: TCP",
  ],
  ["IST0106", "DestinationRule/shop/app spec.host", "spec: { host: app,", "spec: {"],
  [
    "HKL0001",
    "Gateway/shop/front spec.servers[0].bind",
    "servers: [{ port:",
    "servers: [{ bind: x, port:",
  ],
  [
    "HKL0001",
    `${FILTER} spec.configPatches[0].patch.value.name`,
    "name: envoy.filters.http.ratelimit",
    "name: envoy.filters.http.lua",
  ],
  [
    "HKL0101",
    `${VS} spec.http[1].route[0].destination.port`,
    "subset: v1 } }]",
    "subset: v1, port: { number: 81 } } }]",
  ],
  ["HKL0102", "Service/shop/app spec.ports[0].targetPort", "targetPort: http", "targetPort: web"],
  [
    "HKL0102",
    "Service/shop/ratelimit spec.ports[0].targetPort",
    "targetPort: 8081",
    "targetPort: 8082",
  ],
  [
    "HKL0103",
    "Service/shop/ratelimit spec.selector",
    "selector: { app: ratelimit }",
    "selector: { app: limiter }",
  ],
  ["HKL0104", `${VS} spec.http[2].route`, "weight: 90", "weight: 80"],
  [
    "HKL0107",
    `${VS} spec.http[1].mirrors[0]`,
    "mirrors: [{ destination: { host: app, subset: v2",
    "mirrors: [{ destination: { host: app, subset: v1",
  ],
  [
    "HKL0107",
    `${VS} spec.http[1].mirrors[0]`,
    "destination: { host: app, subset: v1 } }]",
    "destination: { host: app } }]",
  ],
  ...["host: app, subset: v2", "host: app"].map(
    (to): Fault => [
      "HKL0107",
      `${VS} spec.http[2].mirror`,
      "    - name: app\n",
      `    - name: app\n      mirror: { ${to} }\n`,
    ],
  ),
  ["HKL0108", `${VS} spec.http[2].route[1].headers.response`, "version=v2; Path", "other=v2; Path"],
  [
    "IST0112",
    `${VS} spec.http[2].route[0].destination.port`,
    "targetPort: http }]",
    "targetPort: http }, { name: tcp, port: 81, targetPort: http }]",
  ],
  ...["web", "my-http", "httpx"].map(
    (name): Fault => [
      "IST0118",
      "Service/shop/app spec.ports[0].name",
      "name: http, port: 80",
      `name: ${name}, port: 80`,
    ],
  ),
  [
    "IST0127",
    "AuthorizationPolicy/shop/app spec.selector",
    "matchLabels: { app: app }",
    "matchLabels: { app: x }",
  ],
  [
    "IST0130",
    `${VS} spec.http[2]`,
    "match: [{ headers: { cookie",
    "match: [{ uri: { prefix: / } }, { headers: { cookie",
  ],
  ["IST0130", `${VS} spec.http[1]`, "{ uri: { exact: /admin } }]", "{ headers: { cookie: {} } }]"],
  [
    "IST0131",
    `${VS} spec.http[1].match[1]`,
    'version=v[12](;.*)?" } } }]',
    'version=v[12](;.*)?" } } }, { uri: { exact: /metrics/x } }]',
  ],
  ["IST0132", `${VS} spec.hosts`, "hosts: [shop.test]", "hosts: [shop.test, x.test]"],
  [
    "IST0173",
    "DestinationRule/shop/app spec.subsets[1]",
    "labels: { version: v2 } }] }",
    "labels: { version: v3 } }] }",
  ],
  ["IST0174", "DestinationRule/shop/app spec.host", "spec: { host: app,", "spec: { host: web,"],
  [
    "HKL0202",
    `${FILTER} spec.configPatches[1].match.routeConfiguration.vhost.name`,
    "shop.test:80",
    "shop.test",
  ],
  [
    "HKL0203",
    `${FILTER} spec.workloadSelector`,
    "labels: { istio: ingressgateway }",
    "labels: { istio: x }",
  ],
  ["HKL0204", `${FILTER} spec.configPatches[0].patch.value`, "outbound|8081|", "outbound|8082|"],
  ["HKL0204", `${FILTER} spec.configPatches[0].patch.value`, "||ratelimit.", "||limiter."],
  [
    "HKL0205",
    `${FILTER} spec.configPatches[0].patch.value.typed_config.domain`,
    "domain: shop\n            rate",
    "domain: x\n            rate",
  ],
  [
    "HKL0206",
    `${FILTER} spec.configPatches[1].patch.value.rate_limits[0]`,
    "descriptor_key: user",
    "descriptor_key: name",
  ],
  [
    "HKL0206",
    `${FILTER} spec.configPatches[1].patch.value.rate_limits[1]`,
    "descriptor_value: guest",
    "descriptor_value: host",
  ],
  [
    "HKL0207",
    `${LIMITER} data.config.yaml`,
    "- key: user\n",
    "- key: user\n        value: x\n        rate_limit: { unit: day }\n      - key: name\n",
  ],
  [
    "HKL0208",
    `${LIMITER} data.config.yaml`,
    "unit: minute, requests_per_unit: 5",
    "unit: moment, requests_per_unit: 5",
  ],
];

const REPLACED: readonly Fault[] = [
  [
    "HKL0104",
    `${VS} spec.http[1].route`,
    "destination: { host: app, subset: v1 } }]",
    "destination: { host: app, subset: v1 }, weight: 50 }]",
  ],
  ["HKL0201", `${FILTER} spec.configPatches[0]`, LISTS, ""],
  ["HKL0201", `${FILTER} spec.configPatches[0]`, ASKING, ""],
  [
    "HKL0202",
    `${FILTER} spec.configPatches[1].match.routeConfiguration.vhost.route`,
    LISTS,
    ROUTE_LISTS,
  ],
];

function expectFault(text: string, code: LintCode, where: string) {
  const found = check(text);
  const [resource = "", field] = where.split(" ");
  const own = found.find(
    (one) => one.code === code && one.resource === resource && one.field === field,
  );
  const expected: object = { code, level: LINT_CODES[code][0], resource, field };
  expect(own ?? found).toMatchObject(expected);
}

describe("lint() finds", () => {
  test.each([...FAULTS, ...REPLACED].map((fault) => [...fault] as const))(
    "%s at %s",
    (code, where, old, changed) => {
      expect(CLEAN).toContain(old);
      expectFault(CLEAN.replace(old, changed), code, where);
    },
  );

  test.each(ADDED.map((fault) => [...fault] as const))("%s at %s", (code, where, text) => {
    expectFault(CLEAN + text, code, where);
  });

  test("a fault for each code", () => {
    const planted = new Set<string>([...FAULTS, ...REPLACED, ...ADDED].map(([code]) => code));
    expect(Object.keys(LINT_CODES).filter((code) => !planted.has(code))).toEqual([]);
  });
});
