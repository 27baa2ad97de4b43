import type { Framing } from "./http/framing.ts";
import { frameResponse, NO_BODY } from "./http/framing.ts";
import { parseResponseHead, type ResponseHead } from "./http/head.ts";
import { HttpError } from "./http/http-error.ts";
import { MessageReader } from "./http/message-reader.ts";
import { Wire } from "./wire.ts";

/** Why a request got no answer, or only a part of one. */
export type UpstreamFailure = "connect" | "connect-timeout" | "reset" | "protocol";

/** Who waits for the answer. */
export interface UpstreamSink {
  /** An answer begins; after a 101 the body is a tunnel's. Not called for other 1xx, which end here as in Envoy. */
  responseHead(head: ResponseHead, framing: Framing): void;
  responseBody(chunk: Buffer): void;
  responseEnd(): void;
  upstreamFailed(failure: UpstreamFailure): void;
  /** A congested connection takes more. */
  upstreamDrained(): void;
  /** All that one read gave has been handed over. */
  upstreamIdle(): void;
  /** A tunnel's other side sends no more. */
  upstreamEnded(): void;
}

export interface UpstreamConnectionOptions {
  readonly port: number;
  readonly connectTimeoutMs: number;
  readonly onClose: (connection: UpstreamConnection) => void;
}

/** One connection to a pod; carries one request at a time. */
export class UpstreamConnection {
  readonly port: number;
  /** When it was last given back, in ms. */
  idleSince = 0;
  requests = 0;
  #wire: Wire | undefined;
  #early: (Buffer | string)[] = [];
  #sink: UpstreamSink | undefined;
  #method = "GET";
  #isReusable = true;
  #isTunnel = false;
  /** False while interim answers come. */
  #answering = false;
  #isClosed = false;
  /** Whether the bytes at hand have completed the answer. */
  #hasEnded = false;
  readonly #reader: MessageReader<ResponseHead>;
  readonly #onClose: (connection: UpstreamConnection) => void;

  constructor({ port, connectTimeoutMs, onClose }: UpstreamConnectionOptions) {
    this.port = port;
    this.#onClose = onClose;
    this.#reader = new MessageReader<ResponseHead>({
      parse: parseResponseHead,
      refusal: 502,
      sink: {
        head: (head) => this.#takeHead(head),
        body: (chunk) => this.#sink?.responseBody(chunk),
        end: () => this.#takeEnd(),
      },
    });
    this.#connect(connectTimeoutMs);
  }

  /** Whether it was ever connected. */
  get isOpen(): boolean {
    return this.#wire !== undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether it can carry another request once this one is answered. */
  get isReusable(): boolean {
    return this.#isReusable && !this.#isClosed && this.#reader.waiting === 0;
  }

  get isCongested(): boolean {
    return this.#wire?.isCongested ?? this.#early.length > 8;
  }

  begin(method: string, sink: UpstreamSink): void {
    this.#method = method;
    this.#sink = sink;
    this.requests += 1;
    this.#reader.next();
  }

  push(piece: Buffer | string): void {
    if (this.#wire === undefined) this.#early.push(piece);
    else this.#wire.push(piece);
  }

  flush(): void {
    this.#wire?.flush();
  }

  pauseReading(): void {
    this.#wire?.pauseReading();
  }

  resumeReading(): void {
    this.#wire?.resumeReading();
  }

  /** Sends FIN after what waits. */
  endWriting(): void {
    this.#wire?.end();
  }

  /** Nobody waits for the answer any more. */
  destroy(): void {
    this.#sink = undefined;
    this.#isReusable = false;
    this.#wire?.destroy();
    this.#closed();
  }

  /** The answer is complete and the connection is given back. */
  detachSink(): void {
    this.#sink = undefined;
  }

  #connect(timeoutMs: number): void {
    const timer = setTimeout(() => this.#fail("connect-timeout"), timeoutMs);
    Bun.connect({
      hostname: "127.0.0.1",
      port: this.port,
      allowHalfOpen: true,
      socket: {
        open: (socket) => {
          clearTimeout(timer);
          const wire = new Wire(socket);
          if (this.#isClosed) {
            wire.destroy();
            return;
          }
          socket.setNoDelay?.(true);
          wire.onDrain = () => this.#sink?.upstreamDrained();
          this.#wire = wire;
          for (const piece of this.#early) wire.push(piece);
          this.#early = [];
          wire.flush();
          this.#sink?.upstreamDrained();
        },
        data: (_, bytes) => this.#takeBytes(bytes),
        drain: () => this.#wire?.drained(),
        end: () => this.#takeFin(),
        close: () => this.#takeClose(),
        error: () => this.#fail("reset"),
      },
    }).catch(() => {
      clearTimeout(timer);
      this.#fail("connect");
    });
  }

  #takeBytes(bytes: Buffer): void {
    // Bytes that nobody asked for: whatever they are, they answer no request of ours.
    if (this.#sink === undefined) {
      this.destroy();
      return;
    }
    try {
      this.#reader.feed(bytes);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.#fail("protocol");
      return;
    }
    // Only now, when it is known whether something came after the answer: it would else be taken for the next one's.
    const hasEnded = this.#hasEnded;
    this.#hasEnded = false;
    const sink = this.#sink;
    if (hasEnded) sink?.responseEnd();
    sink?.upstreamIdle();
  }

  #takeHead(head: ResponseHead): Framing | "tunnel" {
    if (head.status === 101) {
      this.#isReusable = false;
      this.#isTunnel = true;
      this.#sink?.responseHead(head, NO_BODY);
      return "tunnel";
    }
    const framing = frameResponse(head, this.#method);
    if (head.status < 200) return NO_BODY;
    const connection = head.headers.get("connection")?.toLowerCase();
    if (framing.kind === "until-close" || (head.minor === 0 && connection !== "keep-alive"))
      this.#isReusable = false;
    if (connection?.includes("close") === true) this.#isReusable = false;
    this.#answering = true;
    this.#sink?.responseHead(head, framing);
    return framing;
  }

  #takeEnd(): void {
    if (!this.#answering) {
      this.#reader.next();
      return;
    }
    this.#answering = false;
    this.#hasEnded = true;
  }

  #takeFin(): void {
    if (this.#isTunnel) {
      this.#sink?.upstreamEnded();
      return;
    }
    if (this.#reader.isInside && this.#reader.isUntilClose) {
      this.#isReusable = false;
      this.#answering = false;
      this.#sink?.responseEnd();
      this.#sink?.upstreamIdle();
      this.destroy();
      return;
    }
    this.#fail("reset");
  }

  #takeClose(): void {
    this.#wire?.closed();
    this.#fail("reset");
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#isClosed) return;
    const sink = this.#sink;
    this.destroy();
    sink?.upstreamFailed(failure);
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose(this);
  }
}
