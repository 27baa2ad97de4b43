import { z } from "zod";

// The parts of Kubernetes' kinds that the checks read. Everything else is dropped: whether a
// field exists at all is the question of the schema tests.

const Labels = z.record(z.string(), z.string()).default({});
const Text = z.record(z.string(), z.string()).default({});
const Metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: Labels,
  annotations: Text,
});

/** Any resource. */
export const Resource = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: Metadata,
});
export type Resource = z.infer<typeof Resource>;

const PortName = z.union([z.string(), z.number()]);
const Probe = z.object({
  httpGet: z.object({ port: PortName, path: z.string() }).optional(),
  tcpSocket: z.object({ port: PortName }).optional(),
  exec: z.object({ command: z.array(z.string()) }).optional(),
  periodSeconds: z.number().optional(),
});
export type Probe = z.infer<typeof Probe>;

const EnvSource = z.object({
  configMapKeyRef: z.object({ name: z.string(), key: z.string() }).optional(),
  secretKeyRef: z.object({ name: z.string(), key: z.string() }).optional(),
});
const Container = z.object({
  name: z.string(),
  image: z.string(),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: EnvSource.optional(),
      }),
    )
    .default([]),
  envFrom: z
    .array(z.object({ configMapRef: z.object({ name: z.string() }).optional() }))
    .default([]),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).default([]),
  lifecycle: z
    .object({
      preStop: z.object({ sleep: z.object({ seconds: z.number() }).optional() }).optional(),
    })
    .optional(),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  resources: z
    .object({
      requests: z.record(z.string(), z.unknown()),
      limits: z.record(z.string(), z.unknown()),
    })
    .partial()
    .default({}),
  securityContext: z
    .object({
      allowPrivilegeEscalation: z.boolean(),
      readOnlyRootFilesystem: z.boolean(),
      capabilities: z.object({ drop: z.array(z.string()).default([]) }),
    })
    .partial()
    .default({}),
});
export type Container = z.infer<typeof Container>;

export const Deployment = z.object({
  metadata: Metadata,
  spec: z.object({
    replicas: z.number().optional(),
    strategy: z
      .object({
        rollingUpdate: z
          .object({ maxUnavailable: z.union([z.number(), z.string()]).optional() })
          .optional(),
      })
      .default({}),
    selector: z.object({ matchLabels: Labels }),
    template: z.object({
      metadata: z.object({ labels: Labels }),
      spec: z.object({
        serviceAccountName: z.string().optional(),
        // Kubernetes' own default.
        terminationGracePeriodSeconds: z.number().default(30),
        topologySpreadConstraints: z
          .array(z.object({ labelSelector: z.object({ matchLabels: Labels }) }))
          .default([]),
        securityContext: z
          .object({
            runAsNonRoot: z.boolean(),
            seccompProfile: z.object({ type: z.string() }),
          })
          .partial()
          .default({}),
        initContainers: z.array(Container).default([]),
        containers: z.array(Container),
        volumes: z
          .array(
            z.object({
              name: z.string(),
              image: z.object({ reference: z.string() }).optional(),
              configMap: z
                .object({
                  name: z.string(),
                  items: z.array(z.object({ key: z.string() })).default([]),
                })
                .optional(),
            }),
          )
          .default([]),
      }),
    }),
  }),
});
export type Deployment = z.infer<typeof Deployment>;

export const Service = z.object({
  metadata: Metadata,
  spec: z.object({
    selector: Labels,
    ports: z.array(
      z.object({ name: z.string().optional(), port: z.number(), targetPort: PortName.optional() }),
    ),
  }),
});
export type Service = z.infer<typeof Service>;

export const ConfigMap = z.object({ metadata: Metadata, data: Text });
export const ServiceAccount = z.object({ metadata: Metadata });

const Selector = z.object({ matchLabels: Labels });
export const PodDisruptionBudget = z.object({
  metadata: Metadata,
  spec: z.object({ selector: Selector }),
});
export const HorizontalPodAutoscaler = z.object({
  metadata: Metadata,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    metrics: z
      .array(z.object({ containerResource: z.object({ container: z.string() }).optional() }))
      .default([]),
  }),
});

const Peer = z.object({
  podSelector: Selector.optional(),
  namespaceSelector: Selector.optional(),
});
const PolicyPorts = z.array(z.object({ port: PortName.optional() })).default([]);
export const NetworkPolicy = z.object({
  metadata: Metadata,
  spec: z.object({
    podSelector: Selector,
    policyTypes: z.array(z.string()).default([]),
    ingress: z.array(z.object({ from: z.array(Peer).default([]), ports: PolicyPorts })).default([]),
    egress: z.array(z.object({ to: z.array(Peer).default([]), ports: PolicyPorts })).default([]),
  }),
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;
