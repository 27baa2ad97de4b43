import type { Pair } from "./certificates.ts";

interface TlsServerOptions {
  readonly pair: Pair;
  /** Demands a client certificate of this authority. */
  readonly clients?: string;
}

/** An API server as far as a handshake goes: says who called it, echoes over WebSockets. */
export function startTlsServer({ pair, clients }: TlsServerOptions) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: {
      cert: pair.cert,
      key: pair.key,
      ...(clients === undefined
        ? {}
        : { ca: clients, requestCert: true, rejectUnauthorized: true }),
    },
    fetch: (request, own) => {
      const authorization = request.headers.get("authorization");
      if (own.upgrade(request, { data: authorization ?? "" })) return undefined;
      return Response.json({
        major: "1",
        minor: "36",
        gitVersion: "v1.36.4",
        authorization,
        agent: request.headers.get("impersonate-user"),
      });
    },
    websocket: {
      data: "",
      open: (socket) => void socket.send(`hello ${socket.data}`),
      message: (socket, message) => void socket.send(message),
    },
  });
  return {
    url: `https://127.0.0.1:${server.port}`,
    port: server.port,
    stop: () => server.stop(true),
  };
}
