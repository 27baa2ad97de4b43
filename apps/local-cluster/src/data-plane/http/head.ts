import { HeaderList } from "./header-list.ts";
import { HttpError } from "./http-error.ts";

export interface RequestHead {
  readonly method: string;
  /** As sent: "/path?query", "http://host/path", "host:port" or "*". */
  readonly target: string;
  readonly headers: HeaderList;
}

export interface ResponseHead {
  readonly status: number;
  readonly minor: 0 | 1;
  readonly headers: HeaderList;
}

/** Envoy's default of max_headers_count. */
const MAX_HEADERS = 100;
/** A bare LF or CR, or a control character: RFC 9112, 2.2 and RFC 9110, 5.5. */
export const FORBIDDEN = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?:^|[^\r])\n/;
/**
 * The methods that Envoy takes while `allow_custom_methods` is off (isMethodValid() of its balsa_parser.cc). A pod may drop the
 * connection of any other, and whoever sends such would have pods ejected and a canary taken back.
 */
const METHODS = new Set(
  (
    "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY " +
    "OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK " +
    "UNSUBSCRIBE"
  ).split(" "),
);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+)(?: HTTP\/(\d\.\d))?$/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: .*)?$/;

/** Names seen before, in lower case: the few dozen that all clients send. Bounded. */
const knownNames = new Map<string, string>();

/** The name in lower case, or undefined when it is no token. */
function readName(raw: string): string | undefined {
  const known = knownNames.get(raw);
  if (known !== undefined) return known;
  if (!TOKEN.test(raw)) return undefined;
  const name = raw.toLowerCase();
  if (knownNames.size < 512 && raw.length < 64) knownNames.set(raw, name);
  return name;
}

function trim(line: string, start: number): string {
  let from = start;
  let to = line.length;
  while (from < to && (line[from] === " " || line[from] === "\t")) from += 1;
  while (to > from && (line[to - 1] === " " || line[to - 1] === "\t")) to -= 1;
  return line.slice(from, to);
}

/** Parses header lines, without the empty line; refuses folded lines, spaces before the colon and more than 100. */
export function parseHeaderLines(lines: readonly string[], first: number): HeaderList {
  if (lines.length - first > MAX_HEADERS)
    throw new HttpError("Cannot read the headers: there are too many", { status: 431 });
  const flat: string[] = [];
  for (let at = first; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const colon = line.indexOf(":");
    const name = colon > 0 ? readName(line.slice(0, colon)) : undefined;
    if (name === undefined)
      throw new HttpError("Cannot read the headers: a line has no name", { status: 400 });
    flat.push(name, trim(line, colon + 1));
  }
  return new HeaderList(flat);
}

function splitHead(text: string): readonly string[] {
  if (FORBIDDEN.test(text))
    throw new HttpError("Cannot read the head: a forbidden character", { status: 400 });
  return text.split("\r\n");
}

/** Parses a request's head (Latin-1 text before the empty line). Throws HttpError 400, 426, 431 or 505. */
export function parseRequestHead(text: string): RequestHead {
  const lines = splitHead(text);
  const match = REQUEST_LINE.exec(lines[0] ?? "");
  if (match === null) throw new HttpError("Cannot read the request line", { status: 400 });
  const [, method = "", target = "", version] = match;
  if (!METHODS.has(method)) throw new HttpError("Cannot take this method", { status: 400 });
  // Envoy's accept_http_10 is off in Istio; other versions, and none, are answered alike.
  if (version !== "1.1") throw new HttpError("Cannot speak this version of HTTP", { status: 426 });
  return { method, target, headers: parseHeaderLines(lines, 1) };
}

/** Parses a response's head. Throws HttpError 502. */
export function parseResponseHead(text: string): ResponseHead {
  const lines = splitHead(text);
  const match = STATUS_LINE.exec(lines[0] ?? "");
  if (match === null) throw new HttpError("Cannot read the status line", { status: 502 });
  const [, minor, status] = match;
  const headers = parseHeaderLines(lines, 1);
  return { status: Number(status), minor: minor === "1" ? 1 : 0, headers };
}
