import type { Socket } from "bun";

/** Waits until the condition holds. */
export async function until(
  condition: () => boolean,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Never happened: ${what}`);
    await Bun.sleep(2);
  }
}

/** A client that sends bytes as they are. */
export class RawClient {
  received = "";
  receivedBytes = 0;
  isClosed = false;
  isEnded = false;
  /** Whether what comes is kept as text. */
  keeps = true;
  readonly #socket: Socket<undefined>;
  #unsent: Buffer[] = [];

  private constructor(socket: Socket<undefined>) {
    this.#socket = socket;
  }

  static async connect(port: number, hostname = "127.0.0.1"): Promise<RawClient> {
    let client: RawClient | undefined;
    const socket = await Bun.connect({
      hostname,
      port,
      allowHalfOpen: true,
      socket: {
        data: (_, bytes) => client?.take(bytes),
        drain: () => client?.flush(),
        end: () => {
          if (client !== undefined) client.isEnded = true;
        },
        close: () => {
          if (client !== undefined) client.isClosed = true;
        },
      },
    });
    client = new RawClient(socket);
    return client;
  }

  private take(bytes: Buffer): void {
    this.receivedBytes += bytes.length;
    if (this.keeps) this.received += bytes.toString("latin1");
  }

  send(data: string | Buffer): void {
    this.#unsent.push(typeof data === "string" ? Buffer.from(data, "latin1") : data);
    this.flush();
  }

  /** How much the kernel did not take yet. */
  get unsent(): number {
    return this.#unsent.reduce((sum, { length }) => sum + length, 0);
  }

  private flush(): void {
    for (let piece = this.#unsent.shift(); piece !== undefined; piece = this.#unsent.shift()) {
      const written = Math.max(0, this.#socket.write(piece));
      if (written === piece.length) continue;
      this.#unsent.unshift(piece.subarray(written));
      return;
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** FIN. */
  end(): void {
    this.#socket.shutdown();
  }

  /** RST. */
  destroy(): void {
    this.#socket.terminate();
  }

  async waitFor(text: string | RegExp, timeoutMs?: number): Promise<string> {
    const has = () =>
      typeof text === "string" ? this.received.includes(text) : text.test(this.received);
    await until(
      () => has() || this.isClosed || this.isEnded,
      `"${text}" in ${JSON.stringify(this.received.slice(-500))}`,
      timeoutMs,
    );
    if (!has())
      throw new Error(`Closed before "${text}": ${JSON.stringify(this.received.slice(-500))}`);
    return this.received;
  }

  async waitForEnd(timeoutMs?: number): Promise<string> {
    await until(
      () => this.isClosed || this.isEnded,
      `the end of ${JSON.stringify(this.received.slice(-500))}`,
      timeoutMs,
    );
    return this.received;
  }
}
