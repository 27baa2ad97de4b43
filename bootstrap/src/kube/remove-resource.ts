import { type Answer, type Connection, readMessage } from "./connection.ts";
import type { Discovery } from "./discovery.ts";
import { explainRefusal } from "./explain.ts";
import { nameResource, type Resource } from "./resource.ts";

interface RemoveResourceOptions {
  readonly discovery: Pick<Discovery, "locate">;
  readonly dryRun?: boolean;
  /** What is to become of what it owns; gone as well unless told. */
  readonly owned?: "Background" | "Orphan";
}

/** Gives whether there was anything to delete. */
export async function removeResource(
  connection: Pick<Connection, "request">,
  resource: Resource,
  { discovery, dryRun = false, owned = "Background" }: RemoveResourceOptions,
): Promise<boolean> {
  const path = await discovery.locate(resource);
  if (path === undefined) return false;
  const answer = await connection.request({
    method: "DELETE",
    path: `${path}?propagationPolicy=${owned}${dryRun ? "&dryRun=All" : ""}`,
  });
  return wasThere(`delete ${nameResource(resource)}`, answer);
}

/** Without its finalizer a resource goes alone. Gives whether it was there. */
export async function removeFinalizers(
  connection: Pick<Connection, "request">,
  resource: Resource,
  discovery: Pick<Discovery, "locate">,
): Promise<boolean> {
  const path = await discovery.locate(resource);
  if (path === undefined) return false;
  const answer = await connection.request({
    method: "PATCH",
    path,
    contentType: "application/merge-patch+json",
    body: { metadata: { finalizers: null } },
  });
  return wasThere(`let go of ${nameResource(resource)}`, answer);
}

function wasThere(action: string, { status, body }: Answer): boolean {
  if (status === 404) return false;
  if (status < 300) return true;
  const message = readMessage(body) ?? "the server gave no reason";
  throw explainRefusal({ action, status, message });
}
