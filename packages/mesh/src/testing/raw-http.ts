import { connect, createServer, type Server, type Socket } from "node:net";

// HTTP/1.1 by hand: fetch and servers would tidy paths and headers that a test wants as they are.

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface RawResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

interface Message {
  readonly first: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly rest: string;
}

/** The first whole message of a text; undefined until it is there. */
function readMessage(text: string): Message | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const length = Number(headers.find(([name]) => name === "content-length")?.[1] ?? 0);
  const after = end + 4 + length;
  if (text.length < after) return undefined;
  return { first, headers, body: text.slice(end + 4, after), rest: text.slice(after) };
}

/** What a backend was asked. */
export interface Seen {
  readonly name: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface Backend {
  readonly port: number;
  close(): void;
}

/** Answers every request with what it was asked, under a name, as JSON. */
export async function startBackend(name: string, seen: (one: Seen) => void): Promise<Backend> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let got = readMessage(text); got !== undefined; got = readMessage(text)) {
        text = got.rest;
        const one = { name, path: got.first.split(" ")[1] ?? "", headers: got.headers };
        seen(one);
        const body = JSON.stringify(one);
        const own = "x-one: theirs\r\nx-two: theirs\r\nset-cookie: own=1";
        socket.write(`HTTP/1.1 200 OK\r\n${own}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port, close };
}

/** One connection at a time, opened again when the other side closes it. */
export function createClient(port: number) {
  let socket: Socket | undefined;
  const send = (request: RawRequest): Promise<RawResponse> =>
    new Promise((resolve, reject) => {
      const open = socket ?? connect(port, "127.0.0.1");
      socket = open;
      let text = "";
      const finish = (error?: Error) => {
        clearTimeout(timer);
        open.removeAllListeners();
        const got = readMessage(text);
        const closes = got?.headers.some(([, value]) => value.toLowerCase() === "close") ?? true;
        if (closes) {
          socket = undefined;
          open.on("error", () => undefined);
          open.destroy();
        }
        if (got === undefined) return reject(error ?? new Error(`No answer to ${request.path}`));
        const status = Number(got.first.split(" ")[1]);
        return resolve({ status, headers: got.headers, body: got.body });
      };
      const timer = setTimeout(() => finish(), 5000);
      open.on("data", (chunk) => {
        text += chunk.toString("latin1");
        if (readMessage(text) !== undefined) finish();
      });
      open.on("error", finish);
      open.on("close", () => finish());
      const headers = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const head = `${request.method} ${request.path} HTTP/1.1\r\nhost: ${request.authority}\r\n`;
      open.write(Buffer.from(`${head}${headers}\r\n`, "latin1"));
    });
  return { send, close: () => socket?.destroy() };
}
