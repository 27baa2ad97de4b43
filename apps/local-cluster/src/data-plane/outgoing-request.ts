import type { Framing } from "./http/framing.ts";
import type { HeaderList } from "./http/header-list.ts";
import { LAST_CHUNK, renderChunkSize, renderRequestHead } from "./http/render-head.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";

/** A request as it is sent to a pod. The headers have no transfer coding. */
export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderList;
  readonly framing: Framing;
}

/** Says which try this is, as Istio's include_request_attempt_count does. */
export function pushHead(
  connection: UpstreamConnection,
  request: OutgoingRequest,
  attempt: number,
): void {
  const { method, path, headers, framing } = request;
  headers.set("x-envoy-attempt-count", String(attempt));
  if (framing.kind === "chunked") headers.set("transfer-encoding", "chunked");
  connection.push(renderRequestHead(method, path, headers));
}

/**
 * A piece of the body, as a chunk where the framing wants one. An empty piece would end a chunked
 * body: it is left out.
 */
export function pushBody(
  connection: UpstreamConnection,
  { framing }: OutgoingRequest,
  chunk: Buffer,
): void {
  if (chunk.length === 0) return;
  if (framing.kind === "chunked") connection.push(renderChunkSize(chunk.length));
  connection.push(chunk);
  if (framing.kind === "chunked") connection.push("\r\n");
}

/** The end of the body; only a chunked one has an end of its own, nothing follows it. */
export function pushEnd(connection: UpstreamConnection, { framing }: OutgoingRequest): void {
  if (framing.kind === "chunked") connection.push(LAST_CHUNK);
}
