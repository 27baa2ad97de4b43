import {
  ApiException,
  type Configuration,
  createConfiguration,
  type KubeConfig,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { explainFailure, explainRefusal, explainStranger } from "./explain.ts";

const TIMEOUT_MS = 30_000;
/** How often we come back when the server says when. */
const ATTEMPTS = 10;

/** An answer of the API server, whatever its status. */
export interface Answer {
  readonly status: number;
  /** The body, parsed; text where it is no JSON. */
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: "GET" | "PATCH" | "POST" | "DELETE";
  /** From the root of the server, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** The one way to a cluster. */
export interface Connection {
  /** The address of the API server. */
  readonly server: string;
  readonly context: string;
  /** The certificate in PEM that the kubeconfig believes; undefined: a public one. */
  readAuthority(): Promise<string | undefined>;
  /** Any answer is a value; throws a BootstrapError only when none came. */
  request(request: ApiRequest): Promise<Answer>;
  /** One of client-node's typed APIs, speaking over this connection. */
  api<Api>(type: new (configuration: Configuration) => Api): Api;
  /** A WebSocket to a path such as a pod's port-forward, in the first protocol that the server knows. */
  openSocket(path: string, protocols: readonly string[]): Promise<WebSocket>;
}

interface CreateConnectionOptions {
  readonly timeoutMs?: number;
}

/**
 * A connection by a kubeconfig, with its certificate authority and client certificate.
 *
 * client-node 2.0.1 hands both to undici's dispatcher and to `ws`, whose stand-ins in Bun 1.4.5
 * drop them (oven-sh/bun#19754): servers of a private authority are refused and clients with a
 * certificate are nobody. So its API classes get an HTTP library over Bun's own `fetch`, which
 * takes `tls`, and so does the WebSocket. Nothing else in this repository opens a connection to
 * a cluster.
 */
export function createConnection(
  config: KubeConfig,
  { timeoutMs = TIMEOUT_MS }: CreateConnectionOptions = {},
): Connection {
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new TypeError("Cannot connect: the kubeconfig has no current cluster");
  const server = cluster.server.replace(/\/$/, "");
  const call = createCall(config, { server, proxy: readProxy(cluster.proxyUrl), timeoutMs });
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    httpApi: wrapHttpLibrary({ send: (request) => sendForClient(call, server, request) }),
  });
  return {
    server,
    context: config.getCurrentContext(),
    readAuthority: async () => (await readCredentials(config)).tls.ca,
    request: (request) => sendJson(call, server, request),
    api: (type) => new type(configuration),
    openSocket: async (path, protocols) =>
      openSocket(server, { path, protocols, credentials: await readCredentials(config) }),
  };
}

type Call = (url: string, init: RequestInit) => Promise<Response>;

interface CallOptions {
  readonly server: string;
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
}

/** A `fetch` with the kubeconfig's credentials, which comes back when the server says when. */
function createCall(config: KubeConfig, { server, proxy, timeoutMs }: CallOptions): Call {
  const call = async (url: string, init: RequestInit, attempt = 1): Promise<Response> => {
    const { headers, tls } = await readCredentials(config);
    try {
      const response = await fetch(url, {
        ...init,
        // An API server sends nobody elsewhere; who does would get the credentials.
        redirect: "error",
        headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers },
        tls,
        signal: AbortSignal.timeout(timeoutMs),
        ...(proxy === undefined ? {} : { proxy }),
      });
      // "storage is (re)initializing": a kind whose CRD has just come, or a server that is starting.
      const wait = Number(response.headers.get("retry-after"));
      if (!(response.status === 429 || response.status === 503)) return response;
      if (attempt === ATTEMPTS || !(wait > 0)) return response;
      await Bun.sleep(Math.min(wait * 1000, timeoutMs));
      return await call(url, init, attempt + 1);
    } catch (cause) {
      throw explainFailure(server, cause);
    }
  };
  return call;
}

async function sendJson(call: Call, server: string, request: ApiRequest): Promise<Answer> {
  const { method, path, body, contentType = "application/json" } = request;
  const response = await call(`${server}${path}`, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": contentType }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: parseBody(await readText(response, server)) };
}

/** The body of an answer. Throws a BootstrapError for what no API server would call a success. */
async function readText(response: Response, server: string): Promise<string> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw explainFailure(server, cause);
  }
  const body = response.ok ? parseBody(text) : {};
  if (typeof body === "object" && body !== null) return text;
  throw explainStranger(server);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function sendForClient(
  call: Call,
  server: string,
  request: RequestContext,
): Promise<ResponseContext> {
  const body = request.getBody();
  const response = await call(request.getUrl(), {
    method: request.getHttpMethod(),
    headers: request.getHeaders(),
    ...(typeof body === "string" ? { body } : {}),
  });
  return new ResponseContext(response.status, Object.fromEntries(response.headers), {
    text: () => readText(response, server),
    binary: async () => Buffer.from(await response.arrayBuffer()),
    stream: () => response.body,
  });
}

interface OpenSocketOptions {
  readonly path: string;
  readonly protocols: readonly string[];
  readonly credentials: Credentials;
}

function openSocket(
  server: string,
  { path, protocols, credentials }: OpenSocketOptions,
): Promise<WebSocket> {
  const socket = new WebSocket(`${server.replace(/^http/, "ws")}${path}`, {
    protocols: [...protocols],
    headers: { ...credentials.headers },
    tls: credentials.tls,
  });
  socket.binaryType = "arraybuffer";
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(socket));
    socket.addEventListener("error", (event) => {
      reject(explainFailure(server, "error" in event ? event.error : event));
    });
  });
}

function readProxy(url: string | undefined): string | undefined {
  if (url === undefined || url === "" || /^https?:/.test(url)) return url === "" ? undefined : url;
  throw new BootstrapError(`Cannot use the kubeconfig: its proxy-url "${url}" is not of HTTP`, {
    code: "KUBECONFIG",
    next: "Give the cluster an http:// proxy-url, or open the tunnel by other means and leave it out",
  });
}

/** Awaits a call of client-node, and makes of its exception one that says what was refused. */
export async function callApi<T>(action: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    if (!(cause instanceof ApiException)) throw cause;
    const message = readMessage(parseBody(String(cause.body))) ?? "the server gave no reason";
    throw explainRefusal({ action, status: cause.code, message });
  }
}

/** The sentence in a Status, the body of every refusal of the API server. */
export function readMessage(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const message: unknown = Reflect.get(body, "message");
  return typeof message === "string" ? message : undefined;
}
