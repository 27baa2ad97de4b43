import * as z from "zod";
import { UpError } from "../errors.ts";
import {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Kind,
  Secret,
  Service,
} from "./manifests.ts";

/** A file of a ConfigMap or Secret, by its key. */
export type Content = ReadonlyMap<string, Uint8Array>;

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  readonly targetPort: number | string;
}

export interface ClusterService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly ServicePort[];
  readonly selector: Readonly<Record<string, string>>;
}

/** The kinds that say what runs, each parsed; keys are `namespace/name`. */
export interface ClusterResources {
  readonly deployments: readonly Deployment[];
  readonly configMaps: ReadonlyMap<string, Content>;
  readonly secrets: ReadonlyMap<string, Content>;
  readonly services: readonly ClusterService[];
  /** The replicas that an autoscaler starts with, by the Deployment that it owns. */
  readonly autoscaled: ReadonlyMap<string, number>;
}

const encoder = new TextEncoder();

/** Reads rendered resources; throws BAD_MANIFEST naming the resource and the field that is wrong. */
export function parseResources(resources: readonly unknown[]): ClusterResources {
  const of = <Schema extends z.ZodType>(kind: string, schema: Schema) =>
    resources.filter((value) => isKind(value, kind)).map((value) => parse(schema, value));
  return {
    deployments: of("apps/v1 Deployment", Deployment),
    configMaps: new Map(
      of("v1 ConfigMap", ConfigMap).map(({ metadata, data, binaryData }) => [
        nameOf(metadata),
        new Map([...encodeAll(data), ...decodeAll(binaryData)]),
      ]),
    ),
    secrets: new Map(
      of("v1 Secret", Secret).map(({ metadata, data, stringData }) => [
        nameOf(metadata),
        new Map([...decodeAll(data), ...encodeAll(stringData)]),
      ]),
    ),
    services: of("v1 Service", Service).map(({ metadata, spec }) => ({
      namespace: metadata.namespace,
      name: metadata.name,
      selector: spec.selector,
      ports: spec.ports.map(({ name, port, targetPort = port }) => ({ name, port, targetPort })),
    })),
    autoscaled: new Map(
      of("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler)
        .filter(({ spec }) => spec.scaleTargetRef.kind === "Deployment")
        .map(({ metadata, spec }) => [
          `${metadata.namespace}/${spec.scaleTargetRef.name}`,
          spec.minReplicas,
        ]),
    ),
  };
}

/** `namespace/name`. */
export function nameOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

function isKind(value: unknown, wanted: string): boolean {
  const parsed = Kind.safeParse(value);
  return parsed.success && `${parsed.data.apiVersion} ${parsed.data.kind}` === wanted;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const named = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) });
  const known = named.safeParse(value);
  const name = known.success ? `${known.data.kind} "${known.data.metadata.name}"` : "a resource";
  throw new UpError(`Cannot read ${name}: ${wrong.join("; ")}`, { code: "BAD_MANIFEST" });
}

function encodeAll(data: Readonly<Record<string, string>>): [string, Uint8Array][] {
  return Object.entries(data).map(([key, text]) => [key, encoder.encode(text)]);
}

function decodeAll(data: Readonly<Record<string, string>>): [string, Uint8Array][] {
  return Object.entries(data).map(([key, text]) => [
    key,
    new Uint8Array(Buffer.from(text, "base64")),
  ]);
}
