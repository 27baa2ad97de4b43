import { describe } from "bun:test";
import { type Fault, testFaults } from "./plant.ts";

const CANARY = "components/canary/app/deployment-v2.yaml";
const ROUTES = "components/canary/routes-patch.yaml";
const WEIGHTS = /weight: \d+([\s\S]*)weight: \d+/;
const SHADOW = "components/shadow/model-service/virtualservice-model-service.yaml";
const PAGE = "base/routing/virtualservice-app.yaml";

const FAULTS: readonly Fault[] = [
  [
    "a pod of the page that hangs holds a visitor for five seconds",
    "hung-pod",
    "VirtualService/app",
    "monitoring",
    [{ file: PAGE, from: "perTryTimeout: 1.5s", to: "" }],
  ],
  [
    "the gateway gives a page up that only waits for the model",
    "hung-pod",
    "VirtualService/app",
    "monitoring",
    [{ file: PAGE, from: "perTryTimeout: 1.5s", to: "perTryTimeout: 0.5s" }],
  ],
  [
    "a pod that hangs holds the visitors whom a cookie brings to it",
    "hung-pod",
    "VirtualService/app",
    "canary",
    [
      {
        file: ROUTES,
        from: /(name: cookie-v1[\s\S]*?) +perTryTimeout: 1.5s\n/,
        to: "$1",
      },
    ],
  ],
  [
    "the gateway promises more tries than there is time for",
    "hung-pod",
    "VirtualService/app",
    "monitoring",
    [{ file: PAGE, from: "perTryTimeout: 1.5s", to: "perTryTimeout: 1.8s" }],
  ],
  [
    "the page gives up before another pod of the model was asked",
    "hung-pod",
    "VirtualService/model-service",
    "shadow",
    [
      { file: SHADOW, from: "attempts: 2", to: "attempts: 1" },
      { file: SHADOW, from: "perTryTimeout: 0.5s", to: "perTryTimeout: 0.8s" },
    ],
  ],
  [
    "S36: a visitor is drawn anew at each reload",
    "visitors-stay",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: / {6}headers:\n {8}response:[\s\S]*?SameSite=Lax\n/, to: "" }],
  ],
  [
    "S36: a cookie that brings the visitor to the other version",
    "visitors-stay",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: "hookline-version=v2(;", to: "hookline-version=v1(;" }],
  ],
  [
    "S36, trap 6: a route to a subset that does not exist",
    "route-exists",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: "subset: v2", to: "subset: v3" }],
  ],
  [
    "S36: a subset that selects no pod",
    "subset-selects-pods",
    "DestinationRule/app-v2",
    "canary",
    [
      {
        file: "components/canary/app/destinationrule-v2.yaml",
        from: "version: v2",
        to: "version: v3",
      },
    ],
  ],
  [
    "weights that do not sum to 100",
    "route-exists",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: WEIGHTS, to: "weight: 90$1weight: 20" }],
  ],
  [
    "a Service that selects nothing",
    "service-selects-pods",
    "Service/app",
    "canary",
    [
      {
        file: "base/app/service.yaml",
        from: "app.kubernetes.io/name: app",
        to: "app.kubernetes.io/name: web",
      },
    ],
  ],
  [
    "a Service on a port that the pod does not have",
    "port-exists",
    "Service/app",
    "canary",
    [{ file: "base/app/service.yaml", from: "targetPort: http", to: "targetPort: web" }],
  ],
  [
    "an autoscaler that measures a container that is not there",
    "autoscaler-target",
    "HorizontalPodAutoscaler/app-v1",
    "production",
    [
      {
        file: "components/autoscale/app/horizontalpodautoscaler.yaml",
        from: "container: app",
        to: "container: web",
      },
    ],
  ],
  [
    "a Service's port without a name, which Istio takes for TCP",
    "port-exists",
    "Service/redis",
    "ratelimit",
    [
      {
        file: "components/ratelimit/redis/service.yaml",
        from: /name: tcp-redis\n +port/,
        to: "port",
      },
    ],
  ],
  [
    "a file from a ConfigMap that does not have it",
    "config-map-exists",
    "Deployment/ratelimit",
    "ratelimit",
    [
      {
        file: "components/ratelimit/ratelimit/deployment.yaml",
        from: "key: config.yaml",
        to: "key: limits.yaml",
      },
    ],
  ],
  [
    "a gateway that selects nothing",
    "gateway-selects-pods",
    "Gateway/hookline",
    "canary",
    [{ file: "base/routing/gateway.yaml", from: "istio: ingressgateway", to: "istio: ingress" }],
  ],
  [
    "the canary's share before its pods",
    "sync-order",
    "VirtualService/app",
    "canary",
    [
      {
        file: "base/routing/virtualservice-app.yaml",
        from: 'sync-wave: "1"',
        to: 'sync-wave: "-1"',
      },
    ],
  ],
  [
    "the shadow's pods before the route that keeps live requests from them",
    "sync-order",
    "Deployment/model-service-v2",
    "shadow",
    [
      {
        file: "components/shadow/model-service/virtualservice-model-service.yaml",
        from: 'sync-wave: "-1"',
        to: 'sync-wave: "1"',
      },
    ],
  ],
  [
    "an autoscaler, degraded at first, before the routes",
    "sync-order",
    "HorizontalPodAutoscaler/app-v1",
    "production",
    [
      {
        file: "components/autoscale/app/horizontalpodautoscaler.yaml",
        from: 'sync-wave: "2"',
        to: 'sync-wave: "0"',
      },
    ],
  ],
  [
    "S37: a canary that says that it is the stable one",
    "version-told",
    "Deployment/app-v2",
    "canary",
    [{ file: CANARY, from: "value: v2", to: "value: v1" }],
  ],
  [
    "S38: a shadow that is sent a part of the requests",
    "shadow-sees-all",
    "VirtualService/model-service",
    "shadow",
    [{ file: SHADOW, from: "value: 100", to: "value: 10" }],
  ],
  [
    "S38: a copy to the model that has answered already",
    "shadow-sees-all",
    "VirtualService/model-service",
    "production",
    [{ file: SHADOW, from: "subset: v2", to: "subset: v1" }],
  ],
  [
    "trap 16: a hash of the visitor instead of a cookie",
    "visitors-stay",
    "VirtualService/app",
    "canary",
    [
      { file: ROUTES, from: / {6}headers:\n {8}response:[\s\S]*?SameSite=Lax\n/, to: "" },
      {
        file: "base/routing/destinationrule-app.yaml",
        from: "trafficPolicy:\n",
        to: "trafficPolicy:\n    loadBalancer:\n      consistentHash:\n        httpCookie:\n          name: visitor\n          ttl: 0s\n",
      },
    ],
  ],
  [
    "S35: a route that hangs on another gateway",
    "route-exists",
    "VirtualService/app",
    "canary",
    [
      {
        file: "base/routing/virtualservice-app.yaml",
        from: /gateways:\n +- hookline/,
        to: "gateways:\n    - app-gateway",
      },
    ],
  ],
  [
    "S41: an Ingress that no controller serves",
    "address-given",
    "Ingress/app",
    "canary",
    [
      {
        file: "base/app/service.yaml",
        from: /$/,
        to: "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: app\nspec:\n  rules:\n    - host: app.local\n",
      },
    ],
  ],
  [
    "trap 4: a Service that waits for an address",
    "address-given",
    "Service/app",
    "production",
    [{ file: "base/app/service.yaml", from: "spec:\n", to: "spec:\n  type: LoadBalancer\n" }],
  ],
];

describe("faults planted into the ways of a request", () => {
  testFaults(FAULTS);
});
