import type { Socket } from "bun";
import { type Framing, frameRequest } from "./http/framing.ts";
import { parseRequestHead, type RequestHead } from "./http/head.ts";
import { HeaderList } from "./http/header-list.ts";
import { HttpError } from "./http/http-error.ts";
import { MessageReader } from "./http/message-reader.ts";
import { LAST_CHUNK, readReason, renderChunkSize, renderResponseHead } from "./http/render-head.ts";
import { Turns } from "./turns.ts";
import { Wire } from "./wire.ts";

/** What becomes of one request. */
export interface RequestHandler {
  requestBody(chunk: Buffer): void;
  requestEnd(): void;
  /** All that one read gave has been handed over. */
  requestIdle(): void;
  clientDrained(): void;
  /** The client is gone, or sends no more: there is nobody to answer. */
  clientGone(): void;
  tunnelBytes(chunk: Buffer): void;
  /** The client sends no more through the tunnel. */
  clientTunnelEnded(): void;
}

/** Where requests come in. */
export interface DownstreamHost {
  readonly isDraining: boolean;
  begin(downstream: Downstream, head: RequestHead, framing: Framing): RequestHandler;
  closed(downstream: Downstream): void;
}

/** Of a body that nobody wants any more, this much is read so that the connection can be kept. */
const MAX_DISCARD = 64 * 1024;
/** Of pipelined requests, this much waits. */
const MAX_WAITING = 64 * 1024;
/** After the last answer the client has this long to read it: Envoy's delayed_close_timeout. */
const LINGER_MS = 1_000;
/** A head must be complete, and answers be read, within this time. */
const HEAD_MS = 60_000;
/** Envoy's default idle timeout. */
const IDLE_MS = 3_600_000;

/** One client's connection: its requests one after another, each answered before the next is read. */
export class Downstream {
  readonly clientAddress: string;
  readonly wire: Wire;
  /** When something last came, in ms. */
  lastActive: number;
  readonly #host: DownstreamHost;
  readonly #reader: MessageReader<RequestHead>;
  #handler: RequestHandler | undefined;
  #method = "GET";
  #isRequestDone = true;
  #isResponseDone = true;
  #hasHead = false;
  #isChunked = false;
  #hasBody = false;
  #isClosing = false;
  #isTunnel = false;
  #isEnded = false;
  #discarded = 0;
  #isAwaitingContinue = false;
  /** Since when a head, or a body that nobody wants, has been incomplete. */
  #insideSince = 0;
  readonly #turns: Turns;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: Socket<unknown>, host: DownstreamHost) {
    this.#host = host;
    this.clientAddress = socket.remoteAddress.replace(/^::ffff:/, "");
    this.lastActive = performance.now();
    this.wire = new Wire(socket);
    this.wire.onDrain = () => {
      this.#turns.proceed();
      this.#handler?.clientDrained();
    };
    this.#turns = new Turns(this.wire, () => this.#readNext());
    this.#reader = new MessageReader<RequestHead>({
      parse: parseRequestHead,
      refusal: 400,
      sink: {
        head: (head) => this.#takeHead(head),
        body: (chunk) => this.#takeBody(chunk),
        end: () => this.#takeEnd(),
      },
    });
  }

  /** Whether no request is under way. */
  get isIdle(): boolean {
    return this.#handler === undefined && !this.#reader.isInside;
  }

  /** Ends what waits for too long: a head that is not complete, a connection that nobody uses. */
  sweep(now: number): void {
    if (this.#handler !== undefined || this.#isEnded) return;
    const { waitingSince } = this.#turns;
    if (waitingSince !== undefined) {
      if (now - waitingSince > HEAD_MS) this.close();
    } else if (!this.#reader.isInside) {
      if (now - this.lastActive > IDLE_MS) this.close();
    } else if (now - this.#insideSince > HEAD_MS) {
      if (this.#isRequestDone) this.#refuse(new HttpError("Too slow", { status: 408 }));
      else this.close();
    }
  }

  takeBytes(bytes: Buffer): void {
    this.lastActive = performance.now();
    this.#turns.begin();
    if (this.#isEnded) return;
    if (this.#isTunnel) {
      this.#handler?.tunnelBytes(bytes);
      return;
    }
    if (!this.#reader.isInside) this.#insideSince = this.lastActive;
    try {
      this.#reader.feed(bytes);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.#refuse(error);
    }
    this.#handler?.requestIdle();
    if (this.#reader.waiting > MAX_WAITING) this.wire.pauseReading();
    this.wire.flush();
  }

  /** The client sends no more. Like Envoy, that is taken as going away, but within a tunnel. */
  takeFin(): void {
    if (this.#isTunnel) this.#handler?.clientTunnelEnded();
    else if (this.#handler === undefined) this.#lingerOn();
    else this.close();
  }

  takeClose(): void {
    this.wire.closed();
    clearTimeout(this.#linger);
    this.#isEnded = true;
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.clientGone();
    this.#host.closed(this);
  }

  close(): void {
    if (this.wire.isClosed) return;
    this.wire.destroy();
    this.takeClose();
  }

  /** Answers nothing more after the request under way, if there is one. */
  drain(): void {
    this.#isClosing = true;
    if (this.isIdle && !this.#isTunnel) this.#lingerOn();
  }

  /** The client may go on and send its body (RFC 9110, 10.1.1). */
  sendContinue(): void {
    if (!this.#isAwaitingContinue) return;
    this.#isAwaitingContinue = false;
    this.wire.push("HTTP/1.1 100 Continue\r\n\r\n");
  }

  /** Begins the answer. `framing` says how long the body is; the headers must not have a transfer coding. */
  writeHead(status: number, headers: HeaderList, framing: Framing): void {
    this.#hasHead = true;
    this.#hasBody = !(this.#method === "HEAD" || status < 200 || status === 204 || status === 304);
    // A length may have been taken away by the route: the client could not tell where the body ends.
    const hasLength = framing.kind === "fixed" && headers.has("content-length");
    this.#isChunked = this.#hasBody && framing.kind !== "none" && !hasLength;
    // The body that the client was not asked for may come or not: nobody could tell it from a request.
    if (this.#isAwaitingContinue || this.#host.isDraining) this.#isClosing = true;
    if (this.#isChunked) headers.append("transfer-encoding", "chunked");
    else if (this.#hasBody && framing.kind === "none" && !headers.has("content-length"))
      headers.append("content-length", "0");
    if (this.#isClosing && status !== 101) headers.append("connection", "close");
    this.wire.push(renderResponseHead(status, headers));
  }

  writeBody(chunk: Buffer): void {
    if (!this.#hasBody || chunk.length === 0) return;
    if (this.#isChunked) this.wire.push(renderChunkSize(chunk.length));
    this.wire.push(chunk);
    if (this.#isChunked) this.wire.push("\r\n");
  }

  writeEnd(): void {
    if (this.#isChunked) this.wire.push(LAST_CHUNK);
    this.#isResponseDone = true;
    this.#handler = undefined;
    // While the reader is in the middle of this request, it goes on by itself.
    if (this.#isRequestDone) this.#finish();
    else if (this.#isClosing) this.#lingerOn();
    else this.wire.resumeReading();
    this.wire.flush();
  }

  /** From now on bytes are passed on as they are; gives those that came already. */
  startTunnel(): Buffer {
    this.#isTunnel = true;
    return this.#reader.detach();
  }

  #takeHead(head: RequestHead): Framing {
    const framing = frameRequest(head);
    this.#method = head.method;
    this.#isRequestDone = false;
    this.#isResponseDone = false;
    this.#hasHead = false;
    this.#discarded = 0;
    const { headers } = head;
    this.#isAwaitingContinue =
      framing.kind !== "none" && headers.get("expect")?.toLowerCase() === "100-continue";
    if (headers.get("connection")?.toLowerCase().includes("close") === true) this.#isClosing = true;
    const handler = this.#host.begin(this, head, framing);
    if (!this.#isResponseDone) this.#handler = handler;
    return framing;
  }

  #takeBody(chunk: Buffer): void {
    this.#isAwaitingContinue = false;
    if (this.#handler !== undefined) {
      this.#handler.requestBody(chunk);
      return;
    }
    this.#discarded += chunk.length;
    if (this.#discarded > MAX_DISCARD) this.#lingerOn();
  }

  #takeEnd(): void {
    this.#isRequestDone = true;
    if (this.#isResponseDone) this.#finish();
    else this.#handler?.requestEnd();
  }

  #finish(): void {
    if (this.#isClosing) {
      this.#lingerOn();
      return;
    }
    this.#turns.finish();
  }

  #readNext(): void {
    if (this.#isEnded) return;
    this.wire.resumeReading();
    try {
      this.#reader.next();
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.#refuse(error);
    }
    this.#handler?.requestIdle();
  }

  #refuse(error: HttpError): void {
    if (this.#isEnded) return;
    const handler = this.#handler;
    this.#handler = undefined;
    const hasAnswered = handler !== undefined && this.#hasHead;
    handler?.clientGone();
    this.#isClosing = true;
    if (!hasAnswered) {
      // Envoy's codec sends the reason phrase as the body; its other parts, none.
      const body = error.isOfCodec ? readReason(error.status) : "";
      const headers = new HeaderList(body === "" ? [] : ["content-type", "text/plain"]);
      headers.append("content-length", String(body.length));
      headers.append("connection", "close");
      this.wire.push(renderResponseHead(error.status, headers));
      if (this.#method !== "HEAD") this.wire.push(body);
    }
    this.#lingerOn();
  }

  /** Sends what waits and FIN, then waits a moment for the client to read and close. */
  #lingerOn(): void {
    if (this.#isEnded || this.wire.isClosed) return;
    this.#isEnded = true;
    this.wire.end();
    this.wire.resumeReading();
    this.#linger = setTimeout(() => this.close(), LINGER_MS);
  }
}
