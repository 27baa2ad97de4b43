// What is read of the rendered resources; fields that mean nothing on one machine are left out.
import * as z from "zod";

const Labels = z.record(z.string(), z.string());
const Metadata = z.object({
  name: z.string(),
  namespace: z.string().default("default"),
  labels: Labels.default({}),
});
const IntOrString = z.union([z.number().int(), z.string()]);
const Whole = z.number().int().min(0);

const Handler = {
  httpGet: z
    .object({
      path: z.string().default("/"),
      port: IntOrString,
      scheme: z.enum(["HTTP", "HTTPS"]).default("HTTP"),
      httpHeaders: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    })
    .optional(),
  tcpSocket: z.object({ port: IntOrString }).optional(),
  exec: z.object({ command: z.array(z.string()) }).optional(),
};

/** The defaults are Kubernetes' own (Probe v1 core). */
export const Probe = z.object({
  ...Handler,
  initialDelaySeconds: Whole.default(0),
  periodSeconds: Whole.default(10),
  timeoutSeconds: Whole.default(1),
  successThreshold: Whole.default(1),
  failureThreshold: Whole.default(3),
});
export type Probe = z.output<typeof Probe>;

const Reference = z.object({ name: z.string(), optional: z.boolean().default(false) });
const KeyReference = Reference.extend({ key: z.string() });

export const EnvironmentVariable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({
      configMapKeyRef: KeyReference.optional(),
      secretKeyRef: KeyReference.optional(),
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
      resourceFieldRef: z
        .object({ resource: z.string(), divisor: IntOrString.optional() })
        .optional(),
    })
    .optional(),
});

const EnvironmentSource = z.object({
  prefix: z.string().default(""),
  configMapRef: Reference.optional(),
  secretRef: Reference.optional(),
});

const Mount = z.object({
  name: z.string(),
  mountPath: z.string(),
  subPath: z.string().default(""),
});
export type Mount = z.output<typeof Mount>;

const Items = z.array(z.object({ key: z.string(), path: z.string() })).optional();
const Quantities = z.record(z.string(), z.union([z.string(), z.number()])).default({});

export const Container = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(EnvironmentVariable).default([]),
  envFrom: z.array(EnvironmentSource).default([]),
  ports: z
    .array(z.object({ name: z.string().optional(), containerPort: z.number().int() }))
    .default([]),
  volumeMounts: z.array(Mount).default([]),
  startupProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  lifecycle: z
    .object({
      preStop: z.object({ sleep: z.object({ seconds: Whole }).optional() }).optional(),
    })
    .optional(),
  resources: z.object({ limits: Quantities, requests: Quantities }).default({
    limits: {},
    requests: {},
  }),
});
export type Container = z.output<typeof Container>;

/** A volume of a kind that is not listed here parses too, and is refused by name where it is read. */
export const Volume = z.looseObject({
  name: z.string(),
  configMap: Reference.extend({ items: Items }).optional(),
  secret: z
    .object({ secretName: z.string(), optional: z.boolean().default(false), items: Items })
    .optional(),
  emptyDir: z.unknown().optional(),
  image: z.object({ reference: z.string() }).optional(),
});
export type Volume = z.output<typeof Volume>;

export const Deployment = z.object({
  metadata: Metadata,
  spec: z.object({
    replicas: Whole.default(1),
    strategy: z
      .object({
        type: z.enum(["Recreate", "RollingUpdate"]).default("RollingUpdate"),
        rollingUpdate: z
          .object({ maxSurge: IntOrString.optional(), maxUnavailable: IntOrString.optional() })
          .optional(),
      })
      .default({ type: "RollingUpdate" }),
    template: z.object({
      metadata: z.object({ labels: Labels.default({}), annotations: Labels.default({}) }),
      spec: z.object({
        serviceAccountName: z.string().default("default"),
        terminationGracePeriodSeconds: Whole.default(30),
        containers: z.array(Container).min(1),
        initContainers: z.array(Container).default([]),
        volumes: z.array(Volume).default([]),
      }),
    }),
  }),
});
export type Deployment = z.output<typeof Deployment>;

export const ConfigMap = z.object({
  metadata: Metadata,
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.string()).default({}),
});

export const Secret = z.object({
  metadata: Metadata,
  data: z.record(z.string(), z.string()).default({}),
  stringData: z.record(z.string(), z.string()).default({}),
});

export const Service = z.object({
  metadata: Metadata,
  spec: z.object({
    ports: z
      .array(
        z.object({
          name: z.string().optional(),
          port: z.number().int(),
          targetPort: IntOrString.optional(),
        }),
      )
      .default([]),
    selector: Labels.default({}),
  }),
});

export const HorizontalPodAutoscaler = z.object({
  metadata: Metadata,
  spec: z.object({
    minReplicas: Whole.default(1),
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
  }),
});

/** Only what is needed to know which schema to read a resource with. */
export const Kind = z.object({ apiVersion: z.string(), kind: z.string() });
