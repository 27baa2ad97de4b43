import { z } from "zod";
import { type Connection, readMessage } from "./connection.ts";
import { explainRefusal } from "./explain.ts";
import type { Resource } from "./resource.ts";

const ResourceTypes = z.looseObject({
  resources: z.array(
    z.looseObject({ name: z.string(), kind: z.string(), namespaced: z.boolean() }),
  ),
});

/** A kind as the API server serves it. */
export interface ResourceType {
  /** The plural of the path, such as `deployments`. */
  readonly name: string;
  readonly namespaced: boolean;
}

/** Where resources are on this server. */
export interface Discovery {
  /** undefined: the server does not serve that kind (its CRD is not there). */
  find(apiVersion: string, kind: string): Promise<ResourceType | undefined>;
  /** The path of one resource, by name. */
  locate(resource: Resource): Promise<string | undefined>;
  /** Forgets what was learnt, after CRDs came. */
  forget(): void;
}

/** Asks the server once for each group and version. */
export function createDiscovery(connection: Pick<Connection, "request">): Discovery {
  const known = new Map<string, Promise<ReadonlyMap<string, ResourceType>>>();
  const find = async (apiVersion: string, kind: string) => {
    const types = known.get(apiVersion) ?? readTypes(connection, apiVersion);
    known.set(apiVersion, types);
    return (await types).get(kind);
  };
  return {
    find,
    locate: async ({ apiVersion, kind, metadata: { namespace, name } }) => {
      const type = await find(apiVersion, kind);
      if (type === undefined) return undefined;
      const within = type.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
      return `${nameGroup(apiVersion)}${within}/${type.name}/${name}`;
    },
    forget: () => known.clear(),
  };
}

async function readTypes(
  connection: Pick<Connection, "request">,
  apiVersion: string,
): Promise<ReadonlyMap<string, ResourceType>> {
  const { status, body } = await connection.request({ method: "GET", path: nameGroup(apiVersion) });
  // Whoever may not ask, or is not answered, does not know that there is none.
  if (status === 404) return new Map();
  if (status !== 200) {
    const message = readMessage(body) ?? "the server gave no reason";
    throw explainRefusal({ action: `list the kinds of ${apiVersion}`, status, message });
  }
  return new Map(
    ResourceTypes.parse(body)
      // `deployments/status` and its like are of the same kind.
      .resources.filter(({ name }) => !name.includes("/"))
      .map((type) => [type.kind, { name: type.name, namespaced: type.namespaced }]),
  );
}

/** The core group has no name, and a path of its own. */
function nameGroup(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
