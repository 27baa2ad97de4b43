import { isDeepStrictEqual } from "node:util";
import { BootstrapError } from "../errors.ts";
import { type Connection, readMessage } from "./connection.ts";
import type { Discovery } from "./discovery.ts";
import { explainRefusal } from "./explain.ts";
import { nameResource, parseResource, type Resource } from "./resource.ts";

/** The name under which the API server notes down which fields are ours. */
const FIELD_MANAGER = "hookline-bootstrap";

/** Argo CD's own name there, once it is in charge of itself. */
const IN_CHARGE = "argocd-controller";

/** What became of a resource. `kept`: Argo CD has set it otherwise, and it is in charge. */
export type Outcome = "created" | "changed" | "unchanged" | "kept" | "unchecked";

export interface ApplyOptions {
  readonly discovery: Discovery;
  /** The server checks and tells, and nothing is kept. */
  readonly dryRun: boolean;
  /** Takes fields over from whoever set them otherwise. */
  readonly force: boolean;
}

/**
 * Applies one resource on the server's side, as plain JSON: client-node's own serializer would
 * drop the fields that it has no type for, `x-kubernetes-…` of a CRD among them.
 *
 * Conflicts: without `force` nothing is taken from anyone. Where Argo CD manages what we would
 * set, its word holds and the resource is `kept`; where it is somebody else, it is a CONFLICT.
 * In a dry run what belongs into a namespace of the same run is tried in another one, and
 * `unchecked` is what the server cannot judge yet, because its CRD is of the same run.
 */
export async function applyResource(
  connection: Connection,
  resource: Resource,
  { discovery, dryRun, force }: ApplyOptions,
): Promise<Outcome> {
  const action = `apply ${nameResource(resource)}`;
  const path = await discovery.locate(resource);
  if (path === undefined) {
    if (dryRun) return "unchecked";
    throw notServed(resource);
  }
  const before = await connection.request({ method: "GET", path });
  if (before.status !== 200 && before.status !== 404) throw refusal(action, before);
  const answer = await connection.request({
    method: "PATCH",
    path: `${path}?fieldManager=${FIELD_MANAGER}&force=${force}${dryRun ? "&dryRun=All" : ""}`,
    contentType: "application/apply-patch+yaml",
    body: resource,
  });
  if (answer.status === 409 && isOfArgoCd(readMessage(answer.body))) return "kept";
  if (answer.status === 404 && dryRun) return tryElsewhere(connection, resource, discovery);
  if (answer.status >= 300) throw refusal(action, answer);
  if (before.status === 404) return "created";
  return isDeepStrictEqual(strip(before.body), strip(answer.body)) ? "unchanged" : "changed";
}

/** In a namespace that is not there yet nothing can be tried; one that always is has the same rules. */
async function tryElsewhere(
  connection: Connection,
  resource: Resource,
  discovery: Discovery,
): Promise<Outcome> {
  const elsewhere = { ...resource, metadata: { ...resource.metadata, namespace: "default" } };
  const answer = await connection.request({
    method: "PATCH",
    path: `${await discovery.locate(elsewhere)}?fieldManager=${FIELD_MANAGER}&force=true&dryRun=All`,
    contentType: "application/apply-patch+yaml",
    body: elsewhere,
  });
  if (answer.status >= 300) throw refusal(`apply ${nameResource(resource)}`, answer);
  return "created";
}

function refusal(action: string, answer: { status: number; body: unknown }): BootstrapError {
  const message = readMessage(answer.body) ?? "the server gave no reason";
  return explainRefusal({ action, status: answer.status, message });
}

/** The server names each owner in quotes: `conflict with "argocd-controller": .spec.replicas`. */
function isOfArgoCd(message: string | undefined): boolean {
  const owners = [...(message ?? "").matchAll(/conflicts? with "([^"]+)"/g)].map((one) => one[1]);
  return owners.length > 0 && owners.every((owner) => owner === IN_CHARGE);
}

/** Without what changes though nothing did. */
function strip(body: unknown): unknown {
  const { metadata, ...rest } = parseResource(body);
  const { managedFields, resourceVersion, generation, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

function notServed(resource: Resource): BootstrapError {
  const { apiVersion, kind } = resource;
  return new BootstrapError(
    `Cannot apply ${nameResource(resource)}: the cluster serves no ${kind} of ${apiVersion}`,
    { code: "REFUSED", next: `Install the custom resource definition of ${kind} first` },
  );
}
