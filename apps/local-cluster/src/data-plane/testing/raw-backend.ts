import type { Socket, TCPSocketListener } from "bun";

export interface BackendConnection {
  received: string;
  receivedBytes: number;
  isClosed: boolean;
  send(text: string | Buffer): void;
  end(): void;
  reset(): void;
  pause(): void;
  resume(): void;
}

export interface RawBackend {
  readonly port: number;
  readonly connections: BackendConnection[];
  stop(): void;
}

const started: TCPSocketListener<BackendConnection | undefined>[] = [];

/** A program that speaks whatever the test wants. `onData` is called with each read. */
export function startRawBackend(
  onData: (connection: BackendConnection, text: string) => void,
  onOpen: (connection: BackendConnection) => void = () => {},
): RawBackend {
  const connections: BackendConnection[] = [];
  const server = Bun.listen<BackendConnection | undefined>({
    hostname: "127.0.0.1",
    port: 0,
    data: undefined,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        const connection = wrap(socket);
        socket.data = connection;
        connections.push(connection);
        onOpen(connection);
      },
      data({ data }, bytes) {
        if (data === undefined) return;
        const text = bytes.toString("latin1");
        data.receivedBytes += bytes.length;
        if (data.received.length < 1_000_000) data.received += text;
        onData(data, text);
      },
      end(socket) {
        socket.shutdown();
      },
      close({ data }) {
        if (data !== undefined) data.isClosed = true;
      },
    },
  });
  started.push(server);
  return { port: server.port, connections, stop: () => server.stop(true) };
}

function wrap(socket: Socket<BackendConnection | undefined>): BackendConnection {
  return {
    received: "",
    receivedBytes: 0,
    isClosed: false,
    send: (text) => {
      socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
    },
    end: () => socket.shutdown(),
    reset: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

/** For afterEach(). */
export function stopRawBackends(): void {
  for (const server of started.splice(0)) server.stop(true);
}
