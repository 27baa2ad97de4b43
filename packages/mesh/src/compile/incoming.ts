import type { MeshRequest } from "../types.ts";

/** A request as the matchers look at it. */
export interface Incoming {
  /** With the normalised path: all that comes after sees no other. */
  readonly request: MeshRequest;
  /** Normalised, without the query. */
  readonly path: string;
  /** With its "?"; "" without one. */
  readonly query: string;
  /** The whole normalised path where it is not the one that was sent. */
  readonly changed: string | undefined;
}

/** A path that is normalised already, split at its query. */
export function readIncoming(given: MeshRequest, whole: string): Incoming {
  const changed = whole === given.path ? undefined : whole;
  const request = changed === undefined ? given : withPath(given, changed);
  const mark = whole.indexOf("?");
  if (mark < 0) return { request, path: whole, query: "", changed };
  return { request, path: whole.slice(0, mark), query: whole.slice(mark), changed };
}

/** A header, or one of ":method", ":authority", ":scheme" and ":path". */
export function readHeader(request: MeshRequest, name: string): string | undefined {
  if (name === ":method") return request.method;
  if (name === ":authority" || name === "host") return request.authority;
  if (name === ":scheme") return request.scheme;
  if (name === ":path") return request.path;
  return request.header(name);
}

function withPath(request: MeshRequest, path: string): MeshRequest {
  const { method, authority, scheme, clientAddress, port } = request;
  const header = (name: string) => request.header(name);
  const place = port === undefined ? {} : { port };
  return { method, authority, path, scheme, header, clientAddress, ...place };
}
