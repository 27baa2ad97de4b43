import type { HeaderList } from "./header-list.ts";

const REASONS: Readonly<Record<number, string>> = {
  100: "Continue",
  101: "Switching Protocols",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The reason phrase that Envoy writes after a status; "Unknown" for one without a name. */
export function readReason(status: number): string {
  return REASONS[status] ?? "Unknown";
}

/** Like Envoy, the reason is made from the status; a backend's own is not passed on. */
export function renderResponseHead(status: number, headers: HeaderList): string {
  return `HTTP/1.1 ${status} ${readReason(status)}\r\n${headers.render()}\r\n`;
}

/** Request line, headers and the empty line, as they are sent to a pod. */
export function renderRequestHead(method: string, path: string, headers: HeaderList): string {
  return `${method} ${path} HTTP/1.1\r\n${headers.render()}\r\n`;
}

/** One chunk's size line; the chunk and CRLF follow. */
export function renderChunkSize(bytes: number): string {
  return `${bytes.toString(16)}\r\n`;
}

/** The end of a chunked body; trailers are not passed on. */
export const LAST_CHUNK = "0\r\n\r\n";
