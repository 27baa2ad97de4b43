// Only for tests: an HTTP/1.1 server on this machine that can misbehave in ways that Bun.serve cannot.
import { createServer, type Socket } from "node:net";

/** What a test server was asked. */
export interface Asked {
  readonly path: string;
  readonly headers: Headers;
}

/** What it answers; the body goes out whole unless cut or drip says otherwise. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Sends only so many bytes of the body, and closes the connection when the promise is done. */
  readonly cut?: { readonly after: number; readonly when: Promise<void> };
  /** Sends the body again and again, a piece every few ms, and never ends. */
  readonly drip?: boolean;
}

/** A server on a free port, with what it was asked so far. */
export interface TestServer extends AsyncDisposable {
  readonly origin: string;
  readonly asked: readonly Asked[];
}

/** Starts a server; every connection carries one request. */
export async function startTestServer(answer: (asked: Asked) => Answer): Promise<TestServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let head = "";
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      head += bytes.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      const question = parseHead(head);
      head = "";
      asked.push(question);
      send(socket, answer(question));
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function parseHead(head: string): Asked {
  const [first = "", ...lines] = head.split("\r\n").filter((line) => line !== "");
  const headers = new Headers();
  for (const line of lines)
    headers.append(line.slice(0, line.indexOf(":")), line.split(": ")[1] ?? "");
  return { path: first.split(" ")[1] ?? "", headers };
}

function send(socket: Socket, answer: Answer): void {
  const body = answer.body ?? new Uint8Array();
  const length = answer.drip ? {} : { "content-length": String(body.length) };
  const headers = { connection: "close", ...length, ...answer.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${answer.status ?? 200} x\r\n${lines.join("")}\r\n`);
  if (answer.drip) {
    const timer = setInterval(() => socket.write(body), 5);
    socket.on("close", () => clearInterval(timer));
  } else if (answer.cut !== undefined) {
    socket.write(body.subarray(0, answer.cut.after));
    answer.cut.when.then(() => socket.destroy());
  } else socket.end(body);
}

/** A server's honest answer to a range or none, as RFC 9110 has it. */
export function answerRange(asked: Asked, body: Uint8Array, etag: string): Answer {
  const from = /^bytes=(\d+)-$/.exec(asked.headers.get("range") ?? "")?.[1];
  const condition = asked.headers.get("if-range");
  if (from === undefined || (condition !== null && condition !== etag)) {
    return { headers: { etag }, body };
  }
  const start = Number(from);
  if (start >= body.length) {
    return { status: 416, headers: { "content-range": `bytes */${body.length}` } };
  }
  const range = `bytes ${start}-${body.length - 1}/${body.length}`;
  return { status: 206, headers: { etag, "content-range": range }, body: body.subarray(start) };
}
