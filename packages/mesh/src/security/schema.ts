import { z } from "zod";
import { LabelMap } from "../resource.ts";
import { isAddressBlock } from "../validation/names.ts";

// https://istio.io/latest/docs/reference/config/security/authorization-policy/
// https://istio.io/latest/docs/reference/config/security/peer_authentication/

const Texts = z.array(z.string().min(1)).optional();

/** "10.1.2.3", "10.1.0.0/16" or the same of IPv6. */
export const AddressBlock = z
  .string()
  .refine(isAddressBlock, 'Expected an address or a block like "10.1.0.0/16"');
const Blocks = z.array(AddressBlock).optional();

const Ports = z
  .array(
    z.string().refine((port) => /^\d+$/.test(port) && Number(port) <= 65_535, "Expected a port"),
  )
  .optional();

function isFilled(fields: Readonly<Record<string, readonly unknown[] | undefined>>): boolean {
  return Object.values(fields).some((list) => list !== undefined && list.length > 0);
}

const AuthorizationSource = z
  .strictObject({
    principals: Texts,
    notPrincipals: Texts,
    requestPrincipals: Texts,
    notRequestPrincipals: Texts,
    namespaces: Texts,
    notNamespaces: Texts,
    serviceAccounts: Texts,
    notServiceAccounts: Texts,
    ipBlocks: Blocks,
    notIpBlocks: Blocks,
    remoteIpBlocks: Blocks,
    notRemoteIpBlocks: Blocks,
  })
  .refine(isFilled, "Expected something about the source");
export type AuthorizationSource = z.infer<typeof AuthorizationSource>;

const Operation = z
  .strictObject({
    hosts: Texts,
    notHosts: Texts,
    ports: Ports,
    notPorts: Ports,
    methods: Texts,
    notMethods: Texts,
    paths: Texts,
    notPaths: Texts,
  })
  .refine(isFilled, "Expected something about the operation");
export type Operation = z.infer<typeof Operation>;

const Condition = z
  .strictObject({ key: z.string().min(1), values: Texts, notValues: Texts })
  .refine(({ key: _, ...lists }) => isFilled(lists), "Expected values or notValues");
export type Condition = z.infer<typeof Condition>;

function emptyToNothing<One>(list: readonly One[] | undefined): readonly One[] | undefined {
  return list?.length === 0 ? undefined : list;
}

export const AuthorizationRule = z.strictObject({
  from: z
    .array(z.strictObject({ source: AuthorizationSource }))
    .optional()
    // Protobuf has no empty list: it is as if it were not there.
    .transform(emptyToNothing),
  to: z
    .array(z.strictObject({ operation: Operation }))
    .optional()
    .transform(emptyToNothing),
  when: z.array(Condition).default([]),
});
export type AuthorizationRule = z.infer<typeof AuthorizationRule>;

const Selector = z.strictObject({ matchLabels: LabelMap.default({}) }).optional();

export const AuthorizationPolicySpec = z
  .strictObject({
    selector: Selector,
    action: z.enum(["ALLOW", "DENY", "AUDIT", "CUSTOM"]).default("ALLOW"),
    rules: z.array(AuthorizationRule).default([]),
    provider: z.unknown().optional(),
  })
  .nullish()
  .transform((spec) => spec ?? { selector: undefined, action: "ALLOW" as const, rules: [] });
export type AuthorizationPolicySpec = z.infer<typeof AuthorizationPolicySpec>;

const Mode = z.enum(["UNSET", "DISABLE", "PERMISSIVE", "STRICT"]);
const MutualTls = z.strictObject({ mode: Mode.default("UNSET") });

export const PeerAuthenticationSpec = z
  .strictObject({
    selector: Selector,
    mtls: MutualTls.default({ mode: "UNSET" }),
    portLevelMtls: z
      .record(z.string().regex(/^\d+$/), MutualTls)
      .refine((ports) => Object.keys(ports).length > 0, "Expected a port")
      .default({}),
  })
  .refine(
    ({ selector, portLevelMtls }) =>
      Object.keys(portLevelMtls).length === 0 ||
      Object.keys(selector?.matchLabels ?? {}).length > 0,
    "portLevelMtls needs a selector",
  );
export type PeerAuthenticationSpec = z.infer<typeof PeerAuthenticationSpec>;
