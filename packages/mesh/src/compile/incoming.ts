import type { MeshRequest } from "../types.ts";

/** A request as the matchers look at it. */
export interface Incoming {
  readonly request: MeshRequest;
  /** Normalised, without the query. */
  readonly path: string;
  /** With its "?"; "" without one. */
  readonly query: string;
}

export function readIncoming(request: MeshRequest): Incoming {
  const { path } = request;
  // A fragment is cut off before the query (Envoy: path_utility.cc, stripped by default).
  const hash = path.indexOf("#");
  const whole = hash < 0 ? path : path.slice(0, hash);
  const mark = whole.indexOf("?");
  if (mark < 0) return { request, path: whole, query: "" };
  return { request, path: whole.slice(0, mark), query: whole.slice(mark) };
}

/** A header, or one of ":method", ":authority" and ":scheme". */
export function readHeader(request: MeshRequest, name: string): string | undefined {
  if (name === ":method") return request.method;
  if (name === ":authority" || name === "host") return request.authority;
  if (name === ":scheme") return request.scheme;
  return request.header(name);
}
