import { z } from "zod";
import { MeshError } from "../errors.ts";
import { LabelMap, type Resource, readKind, sortByAge } from "../resource.ts";
import type { JsonObject, Labels } from "../types.ts";
import { checkAuthorizationPolicy, checkPeerAuthentication } from "../validation/check-policies.ts";
import { compileRule, type SecurityRequest } from "./compile-rule.ts";
import {
  AuthorizationPolicySpec,
  PeerAuthenticationSpec,
  type PeerAuthenticationSpec as PeerSpec,
} from "./schema.ts";

/** Pods whose proxy is asked. */
export interface SecuredWorkload {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Who refuses: "AuthorizationPolicy/namespace/name", or that no policy allows the request. */
export interface Refusal {
  readonly policy: string;
}

/** The modes of a PeerAuthentication, UNSET resolved. */
export type MutualTlsMode = "STRICT" | "PERMISSIVE" | "DISABLE";

/** What a port takes: mutual TLS only, both, or plain text only; and which policy says so. */
export interface MutualTls {
  readonly mode: MutualTlsMode;
  /** "PeerAuthentication/namespace/name"; undefined for Istio's default. */
  readonly policy: string | undefined;
}

/** What the policies of a mesh say about its workloads. */
export interface Security {
  /**
   * The policies of a workload's proxy, compiled: what refuses a request, or undefined. Undefined
   * instead of a function where no policy applies at all.
   */
  authorizer(
    workload: SecuredWorkload,
  ): ((request: SecurityRequest) => Refusal | undefined) | undefined;
  /** Whether a port of the workload's pods takes plain text, mutual TLS or both. */
  mutualTls(workload: SecuredWorkload, port: number): MutualTls;
}

/** The mesh's root namespace, whose policies hold for all; "istio-system". */
export interface CompileSecurityOptions {
  readonly rootNamespace?: string;
}

/**
 * AuthorizationPolicy and PeerAuthentication as they bear on a request: those of the root
 * namespace and of the workload's own that select it. Refuses CUSTOM, conditions that are not
 * modelled, and a RequestAuthentication that applies, with their names.
 */
export function compileSecurity(
  resources: readonly JsonObject[],
  { rootNamespace = "istio-system" }: CompileSecurityOptions = {},
): Security {
  const policies = readPolicies(resources);
  const peers = readKind(resources, {
    group: "security.istio.io",
    kind: "PeerAuthentication",
    spec: PeerAuthenticationSpec,
  });
  for (const peer of peers) checkPeerAuthentication(peer);
  const tokens = readKind(resources, {
    group: "security.istio.io",
    kind: "RequestAuthentication",
    spec: z.looseObject({
      selector: z.looseObject({ matchLabels: LabelMap.default({}) }).optional(),
    }),
  });
  return {
    authorizer: (workload) => {
      const [token] = tokens.filter((one) => applies(one, workload, rootNamespace));
      if (token !== undefined) {
        throw new MeshError("The tokens of a request are not modelled", {
          code: "UNSUPPORTED",
          resource: token.id,
        });
      }
      return buildAuthorizer(policies.filter((one) => applies(one, workload, rootNamespace)));
    },
    mutualTls: (workload, port) => findMutualTls(peers, workload, port, rootNamespace),
  };
}

type Policy = Resource<AuthorizationPolicySpec>;

function readPolicies(resources: readonly JsonObject[]): readonly Policy[] {
  const policies = readKind(
    resources.filter((one) => !isDryRun(one)),
    { group: "security.istio.io", kind: "AuthorizationPolicy", spec: AuthorizationPolicySpec },
  );
  for (const policy of policies) {
    const { id, spec } = policy;
    checkAuthorizationPolicy(policy);
    if (spec.action !== "CUSTOM") continue;
    throw new MeshError("CUSTOM asks a service outside, which is not modelled", {
      code: "UNSUPPORTED",
      resource: id,
      field: "spec.action",
    });
  }
  return policies;
}

/** A policy that only logs what it would do: https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/ */
const DryRun = z.looseObject({
  metadata: z.looseObject({
    annotations: z.looseObject({ "istio.io/dry-run": z.literal("true") }),
  }),
});

function isDryRun(resource: JsonObject): boolean {
  return DryRun.safeParse(resource).success;
}

function applies(
  {
    namespace,
    spec,
  }: Resource<{ readonly selector?: { readonly matchLabels: Labels } | undefined }>,
  workload: SecuredWorkload,
  rootNamespace: string,
): boolean {
  if (namespace !== rootNamespace && namespace !== workload.namespace) return false;
  return Object.entries(spec.selector?.matchLabels ?? {}).every(
    ([key, value]) => workload.labels[key] === value,
  );
}

/** DENY before ALLOW; with an ALLOW policy, what none allows is refused; AUDIT changes nothing. */
function buildAuthorizer(policies: readonly Policy[]): ReturnType<Security["authorizer"]> {
  const compile = (action: "ALLOW" | "DENY") =>
    policies
      .filter(({ spec }) => spec.action === action)
      .map(({ id, namespace, spec }) => ({
        id,
        rules: spec.rules.map((rule) => compileRule(rule, { resource: id, namespace })),
      }));
  const denials = compile("DENY");
  const allowances = compile("ALLOW");
  if (denials.length === 0 && allowances.length === 0) return undefined;
  const refusal = { policy: `none of ${allowances.map(({ id }) => id).join(", ")} allows it` };
  return (request) => {
    const takes = ({ rules }: (typeof denials)[number]) => rules.some((rule) => rule(request));
    const denial = denials.find(takes);
    if (denial !== undefined) return { policy: denial.id };
    return allowances.length === 0 || allowances.some(takes) ? undefined : refusal;
  };
}

/**
 * The port's mode of the workload's policy, else its own, else the namespace's, else the mesh's,
 * else PERMISSIVE; of several the oldest counts. An UNSET one is passed over
 * (istio/istio pilot/pkg/security/authn/policy_applier.go, `ComposePeerAuthentication`).
 */
function findMutualTls(
  peers: readonly Resource<PeerSpec>[],
  workload: SecuredWorkload,
  port: number,
  rootNamespace: string,
): MutualTls {
  const applying = sortByAge(peers.filter((one) => applies(one, workload, rootNamespace)));
  const selects = ({ spec }: Resource<PeerSpec>) =>
    Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
  const own = applying.find((one) => one.namespace !== rootNamespace && selects(one));
  const namespace = applying.find((one) => one.namespace === workload.namespace && !selects(one));
  const mesh = applying.find((one) => one.namespace === rootNamespace && !selects(one));
  const levels = [
    [own?.spec.portLevelMtls[String(port)]?.mode, own],
    [own?.spec.mtls.mode, own],
    [namespace?.spec.mtls.mode, namespace],
    [mesh?.spec.mtls.mode, mesh],
  ] as const;
  for (const [mode, policy] of levels) {
    if (mode !== undefined && mode !== "UNSET") return { mode, policy: policy?.id };
  }
  return { mode: "PERMISSIVE", policy: undefined };
}
