import { z } from "zod";
import type { CreateMeshOptions } from "./create-mesh.ts";
import { parseWith } from "./resource.ts";

// What of the values of istiod's chart bears on a request. A field of meshConfig that is not known
// to bear on none is refused: it might.

const Values = z.looseObject({
  global: z.looseObject({ istioNamespace: z.string().optional() }).optional(),
  pilot: z.looseObject({ env: z.record(z.string(), z.coerce.string()).optional() }).optional(),
  meshConfig: z
    .strictObject({
      rootNamespace: z.string().optional(),
      pathNormalization: z
        .strictObject({
          normalization: z
            .enum(["DEFAULT", "NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"])
            .optional(),
        })
        .optional(),
      outboundTrafficPolicy: z
        .strictObject({ mode: z.enum(["ALLOW_ANY", "REGISTRY_ONLY"]).optional() })
        .optional(),
      accessLogFile: z.string().optional(),
      accessLogEncoding: z.string().optional(),
      accessLogFormat: z.string().optional(),
      enablePrometheusMerge: z.boolean().optional(),
      enableTracing: z.boolean().optional(),
      // Where spans go, and whose they are called.
      defaultConfig: z.strictObject({ tracingServiceName: z.string().optional() }).optional(),
      extensionProviders: z.array(z.unknown()).optional(),
    })
    .optional(),
});

/** The options for `createMesh` that a file of values stands for. Throws a MeshError. */
export function readIstiodValues(values: unknown): CreateMeshOptions {
  const { global, pilot, meshConfig } = parseWith(Values, values ?? {}, "Values/istiod");
  const normalization = meshConfig?.pathNormalization?.normalization;
  const mode = meshConfig?.outboundTrafficPolicy?.mode;
  const rootNamespace = meshConfig?.rootNamespace ?? global?.istioNamespace;
  return {
    ...(rootNamespace === undefined ? {} : { rootNamespace }),
    scopeGatewayToNamespace: pilot?.env?.["PILOT_SCOPE_GATEWAY_TO_NAMESPACE"] === "true",
    ...(mode === undefined ? {} : { outboundTrafficPolicy: mode }),
    pathNormalization:
      normalization === undefined || normalization === "DEFAULT" ? "BASE" : normalization,
  };
}
