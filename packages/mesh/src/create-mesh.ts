import { drawBy } from "./compile/chooser.ts";
import { explainByTable } from "./compile/explain.ts";
import { compileGuards } from "./compile/guards.ts";
import { createNormalizer, type PathNormalization } from "./compile/normalize-path.ts";
import { type CompiledTable, compileTable, decideByTable, noRoute } from "./compile/router.ts";
import { translateHttpRoutes } from "./http-route/index.ts";
import { compileLimits } from "./limits/index.ts";
import { refuseUnknownKinds } from "./refuse-kinds.ts";
import { readWorkloads } from "./registry.ts";
import { compileSecurity, type Security } from "./security/index.ts";
import type { OutboundPolicy } from "./sidecar-scope.ts";
import { readTables, type Tables } from "./tables.ts";
import type { JsonObject, Mesh, MeshRequest, MeshWorkload, Router, Source } from "./types.ts";

/** What istiod is told; each is Istio's default unless given. */
export interface CreateMeshOptions {
  /** meshConfig.rootNamespace: whose rules hold for every namespace; "istio-system". */
  readonly rootNamespace?: string;
  /** PILOT_SCOPE_GATEWAY_TO_NAMESPACE; false. */
  readonly scopeGatewayToNamespace?: boolean;
  /** meshConfig.pathNormalization.normalization; "BASE". */
  readonly pathNormalization?: PathNormalization;
  /** meshConfig.outboundTrafficPolicy.mode, which a Sidecar may change; "ALLOW_ANY". */
  readonly outboundTrafficPolicy?: OutboundPolicy;
}

/** Reads the resources of a mesh. Throws a MeshError for what is wrong or not modelled. */
export function createMesh(given: readonly JsonObject[], options: CreateMeshOptions = {}): Mesh {
  refuseUnknownKinds(given);
  const resources = translateHttpRoutes(given);
  const tables = readTables(resources, options);
  const workloads = readWorkloads(resources);
  const { rootNamespace = "istio-system" } = options;
  const security = compileSecurity(resources, { rootNamespace });
  const parts = { resources, tables, options, rootNamespace, workloads, security };
  return {
    router: (source) => createRouter(source, parts),
    gateways: tables.gateways,
    services: tables.services,
    workloads,
  };
}

interface RouterParts {
  readonly resources: readonly JsonObject[];
  readonly tables: Tables;
  readonly options: CreateMeshOptions;
  readonly rootNamespace: string;
  readonly workloads: readonly MeshWorkload[];
  readonly security: Security;
}

function createRouter(source: Source, parts: RouterParts): Router {
  const { resources, tables, options, rootNamespace, workloads, security } = parts;
  const { pathNormalization = "BASE" } = options;
  const guards = compileGuards({ security, source, services: tables.services, workloads });
  const limits = compileLimits(resources, source, { rootNamespace });
  const normalize = createNormalizer(pathNormalization);
  const compiled = new Map<number, CompiledTable | undefined>();
  const find = (port: number): CompiledTable | undefined => {
    if (!compiled.has(port)) {
      const table = tables.build(source, port);
      compiled.set(port, table && compileTable(table, { port, limits, normalize, guards }));
    }
    return compiled.get(port);
  };
  const portOf =
    source.kind === "gateway" ? () => source.port : ({ port }: MeshRequest) => port ?? 80;
  // A source's faults show when the router is made, not at its first request.
  find(source.kind === "gateway" ? source.port : 80);
  const closed = (request: MeshRequest) => noRoute(`No server listens on port ${portOf(request)}`);
  return {
    decide(request, random) {
      const table = find(portOf(request));
      return table === undefined ? closed(request) : decideByTable(table, request, drawBy(random));
    },
    explain(request) {
      const table = find(portOf(request));
      if (table !== undefined) return explainByTable(table, request);
      return { notes: [], routes: [], outcomes: [{ percent: 100, decision: closed(request) }] };
    },
    reply: limits.reply,
  };
}
