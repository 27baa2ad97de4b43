import type { AddedHeader } from "@hookline/mesh";
import { HeaderList } from "./http/header-list.ts";

/** An answer of the proxy itself. */
export interface LocalReply {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Envoy's response flag, as "UH"; "-" for none. */
  readonly flag: string;
  /** Envoy's response code details, as "no_healthy_upstream". */
  readonly details: string;
}

/** The headers of an answer of the gateway itself; plain text unless it says otherwise. */
export function buildReplyHeaders({
  status,
  body,
  contentType = "text/plain",
  headers = [],
}: LocalReply): HeaderList {
  const list = new HeaderList();
  const bytes = Buffer.byteLength(body);
  if (bytes > 0) list.append("content-type", contentType);
  // Without a body by their nature: of a 304 it would be the length of the answer that the client has.
  if (status !== 204 && status !== 304) list.append("content-length", String(bytes));
  for (const [name, value] of headers) list.append(name, value);
  return list;
}

type ReplyHeaders = NonNullable<LocalReply["headers"]>;

/** Headers with those that a configuration adds, each as its action says. */
export function addHeaders(headers: ReplyHeaders, added: readonly AddedHeader[]): ReplyHeaders {
  let all = [...headers];
  for (const { name: written, value, action } of added) {
    const name = written.toLowerCase();
    const exists = all.some(([known]) => known === name);
    if (exists ? action === "ADD_IF_ABSENT" : action === "OVERWRITE_IF_EXISTS") continue;
    if (action.startsWith("OVERWRITE")) all = all.filter(([known]) => known !== name);
    all.push([name, value]);
  }
  return all;
}

export const NO_HEALTHY_UPSTREAM: LocalReply = {
  status: 503,
  body: "no healthy upstream",
  flag: "UH",
  details: "no_healthy_upstream",
};

export const UPSTREAM_TIMEOUT: LocalReply = {
  status: 504,
  body: "upstream request timeout",
  flag: "UT",
  details: "upstream_response_timeout",
};
