import { parse } from "yaml";
import { lint } from "../lint/index.ts";
import { readManifests } from "../read-manifests.ts";

/** A small mesh in which nothing is wrong; a fault of the tests is one change of it. */
export const CLEAN = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: app-v1, namespace: shop }
spec: { template: { metadata: { labels: { app: app, version: v1 } }, spec: { containers: [{ ports: [{ name: http, containerPort: 8080 }] }] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: app-v2, namespace: shop }
spec: { template: { metadata: { labels: { app: app, version: v2 } }, spec: { containers: [{ ports: [{ name: http, containerPort: 8080 }] }] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ratelimit, namespace: shop }
spec: { template: { metadata: { labels: { app: ratelimit } }, spec: { containers: [{ ports: [{ name: grpc, containerPort: 8081 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop }
spec: { selector: { app: app }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: ratelimit, namespace: shop }
spec: { selector: { app: ratelimit }, ports: [{ name: grpc, port: 8081, targetPort: 8081 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["shop.test"] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: app, namespace: shop }
spec: { host: app, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: app, namespace: shop }
spec:
  hosts: [shop.test]
  gateways: [front]
  http:
    - name: hidden
      match: [{ uri: { prefix: /metrics } }, { uri: { exact: /admin } }]
      directResponse: { status: 404 }
    - name: cookie
      match: [{ headers: { cookie: { regex: "(.*; )?version=v[12](;.*)?" } } }]
      route: [{ destination: { host: app, subset: v1 } }]
      mirrors: [{ destination: { host: app, subset: v2 } }]
    - name: app
      route:
        - { destination: { host: app, subset: v1 }, weight: 90, headers: { response: { add: { set-cookie: "version=v1; Path=/" } } } }
        - { destination: { host: app, subset: v2 }, weight: 10, headers: { response: { add: { set-cookie: "version=v2; Path=/" } } } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ["./*"] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: app, namespace: shop }
spec: { selector: { matchLabels: { app: app } }, rules: [{}] }
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: limits, namespace: shop }
spec:
  workloadSelector: { labels: { istio: ingressgateway } }
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: GATEWAY, listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: envoy.filters.http.router } } } } }
      patch:
        operation: INSERT_BEFORE
        value:
          name: envoy.filters.http.ratelimit
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
            domain: shop
            rate_limit_service: { grpc_service: { envoy_grpc: { cluster_name: outbound|8081||ratelimit.shop.svc.cluster.local } } }
    - applyTo: VIRTUAL_HOST
      match: { context: GATEWAY, routeConfiguration: { vhost: { name: "shop.test:80" } } }
      patch:
        operation: MERGE
        value:
          rate_limits:
            - actions: [{ request_headers: { header_name: user, descriptor_key: user } }]
            - actions: [{ generic_key: { descriptor_key: kind, descriptor_value: guest } }, { remote_address: {} }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: limiter, namespace: shop }
data:
  config.yaml: |
    domain: shop
    descriptors:
      - key: user
        rate_limit: { unit: minute, requests_per_unit: 10 }
      - key: kind
        value: guest
        descriptors:
          - key: remote_address
            rate_limit: { unit: minute, requests_per_unit: 5 }
`;

export const check = (text: string) => lint(readManifests(text), { parseYaml: parse });

/** A resource beside the others. */
export const more = (head: string, spec: string) => `---
apiVersion: ${head.startsWith("Service:") ? "v1" : "networking.istio.io/v1"}
kind: ${head.replace(/:.*/, "")}
metadata: { name: ${head.replace(/.*:/, "")}, namespace: shop }
spec: ${spec}
`;
