import type { LintCode } from "../lint/index.ts";
import { more } from "./small-mesh.ts";

/** VirtualServices of one host in the mesh, exported as told. */
const twins = (one: string, two: string) =>
  Object.entries({ one, two })
    .map(([name, exportTo]) =>
      more(
        `VirtualService:${name}`,
        `{ hosts: [app], exportTo: ${exportTo}, http: [{ route: [{ destination: { host: app } }] }] }`,
      ),
    )
    .join("");

/** Resources that are a fault beside those of the small mesh: what lint finds, where, and their text. */
export const ADDED: readonly [LintCode, string, string][] = [
  [
    "HKL0001",
    "WasmPlugin/shop/second",
    more("WasmPlugin:second", "{}").replace("networking.", "extensions."),
  ],
  [
    "HKL0001",
    "AuthorizationPolicy/shop/second spec.action",
    more(
      "AuthorizationPolicy:second",
      "{ action: CUSTOM, provider: { name: x }, rules: [{}] }",
    ).replace("networking.", "security."),
  ],
  [
    "HKL0208",
    "ConfigMap/shop/other data.x.yaml",
    '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: shop }\ndata: { x.yaml: "domain: x\\ndescriptors: [" }\n',
  ],
  [
    "IST0132",
    "VirtualService/other/second spec.hosts",
    more(
      "Gateway:second",
      "{ selector: { istio: other }, servers: [{ port: { number: 80, protocol: HTTP }, hosts: [./x.test] }] }",
    ) +
      more(
        "VirtualService:second",
        "{ hosts: [x.test], gateways: [shop/second], http: [{ directResponse: { status: 404 } }] }",
      ).replace("namespace: shop", "namespace: other"),
  ],
  [
    "IST0109",
    "VirtualService/shop/two spec.hosts",
    more(
      "VirtualService:one",
      "{ hosts: [app], http: [{ route: [{ destination: { host: app } }] }] }",
    ) +
      more(
        "VirtualService:two",
        "{ hosts: [app.shop.svc.cluster.local], http: [{ route: [{ destination: { host: app } }] }] }",
      ),
  ],
  ...[
    ['["*"]', "[other]"],
    ["[other]", '["*"]'],
    ["[., other]", "[shop]"],
  ].map(([one = "", two = ""]): [LintCode, string, string] => [
    "IST0109",
    "VirtualService/shop/two spec.hosts",
    twins(one, two),
  ]),
  [
    "HKL0108",
    "VirtualService/shop/second spec.http[0].headers.response",
    more(
      "VirtualService:second",
      "{ hosts: [a.test], http: [{ headers: { response: { set: { Set-Cookie: a=b } } }, route: [{ destination: { host: app, subset: v1 }, weight: 50 }, { destination: { host: app, subset: v2 }, weight: 50 }] }] }",
    ),
  ],
  [
    "IST0130",
    "VirtualService/shop/second spec.http[1]",
    more(
      "VirtualService:second",
      "{ hosts: [a.test], http: [{ match: [], redirect: { uri: / } }, { redirect: { uri: / } }] }",
    ),
  ],
  [
    "HKL0103",
    "Service/other/app spec.selector",
    more("Service:app", "{ selector: { app: app }, ports: [{ name: http, port: 80 }] }").replace(
      "shop",
      "other",
    ),
  ],
  [
    "IST0127",
    "Sidecar/other/second spec.workloadSelector",
    more("Sidecar:second", "{ workloadSelector: { labels: { app: app } } }").replace(
      "shop",
      "other",
    ),
  ],
  ["HKL0002", "Gateway/shop/front", more("Gateway:front", "{}")],
  ["IST0111", "Sidecar/shop/second", more("Sidecar:second", "{}")],
  [
    "IST0127",
    "Sidecar/shop/second spec.workloadSelector",
    more("Sidecar:second", "{ workloadSelector: { labels: { app: x } } }"),
  ],
  [
    "IST0145",
    "Gateway/shop/second spec.servers[0]",
    more(
      "Gateway:second",
      '{ selector: { istio: ingressgateway }, servers: [{ port: { number: 80, protocol: HTTP }, hosts: [b.example, "./*.test"] }] }',
    ),
  ],
  [
    "HKL0105",
    "DestinationRule/shop/second spec.host",
    more(
      "DestinationRule:second",
      "{ host: app.shop.svc.cluster.local, subsets: [{ name: all, labels: {} }, { name: v2, labels: { version: v2 } }] }",
    ),
  ],
  [
    "HKL0105",
    "DestinationRule/shop/third spec.host",
    more(
      "DestinationRule:second",
      "{ host: ratelimit, workloadSelector: { matchLabels: { app: app } } }",
    ) + more("DestinationRule:third", "{ host: ratelimit }"),
  ],
  [
    "IST0101",
    "VirtualService/shop/second spec.http[0].route[0].destination.subset",
    more("DestinationRule:second", "{ host: ratelimit, subsets: [{ name: all, labels: {} }] }") +
      more(
        "VirtualService:second",
        "{ hosts: [a.test], http: [{ route: [{ destination: { host: app, subset: all } }] }] }",
      ),
  ],
  [
    "IST0173",
    "DestinationRule/shop/second spec.subsets[0]",
    more(
      "DestinationRule:second",
      "{ host: ratelimit, subsets: [{ name: v1, labels: { version: v1 } }] }",
    ),
  ],
  [
    "IST0173",
    "DestinationRule/shop/second spec.subsets[0]",
    more(
      "DestinationRule:second",
      "{ host: app, subsets: [{ name: v3, labels: { app: app, version: v3 } }] }",
    ) +
      "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app-v3, namespace: other }\n" +
      "spec: { template: { metadata: { labels: { app: app, version: v3 } }, spec: { containers: [] } } }\n",
  ],
  [
    "HKL0105",
    "DestinationRule/shop/third spec.host",
    more("DestinationRule:second", "{ host: app, trafficPolicy: {} }") +
      more("DestinationRule:third", "{ host: app, trafficPolicy: {} }"),
  ],
  [
    "HKL0105",
    "DestinationRule/shop/second spec.host",
    more("DestinationRule:second", "{ host: app, exportTo: [.] }"),
  ],
  [
    "HKL0106",
    "VirtualService/shop/second spec.hosts",
    more(
      "VirtualService:second",
      "{ hosts: [shop.test], gateways: [shop/front], http: [{ route: [{ destination: { host: app } }] }] }",
    ),
  ],
];
