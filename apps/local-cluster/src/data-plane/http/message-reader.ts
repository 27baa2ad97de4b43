import { ChunkedDecoder } from "./chunked.ts";
import type { Framing } from "./framing.ts";
import { HttpError } from "./http-error.ts";

/** Envoy's default of max_request_headers_kb; the request line counts. */
export const MAX_HEAD_BYTES = 60 * 1024;

/** Who takes what a reader reads. Each may throw HttpError. */
export interface MessageSink<Head> {
  /** Gives how the body is framed, or "tunnel": all that follows are bytes of another protocol. */
  head(head: Head): Framing | "tunnel";
  body(chunk: Buffer): void;
  /** The message is complete. */
  end(): void;
}

export interface MessageReaderOptions<Head> {
  readonly parse: (text: string) => Head;
  readonly sink: MessageSink<Head>;
  /** The status of what is refused: 400 for requests, 502 for responses. */
  readonly refusal: 400 | 502;
}

type State = "head" | "fixed" | "chunked" | "raw" | "held";

const HEAD_END = Buffer.from("\r\n\r\n");
const EMPTY = Buffer.alloc(0);
const CR = 13;
const LF = 10;

/**
 * Reads HTTP/1.1 messages from bytes, however they are split. After each message it holds: what came already waits
 * until `next()`, so that pipelined requests are answered in order.
 */
export class MessageReader<Head> {
  readonly #options: MessageReaderOptions<Head>;
  readonly #decoder: ChunkedDecoder;
  #state: State = "head";
  #left = 0;
  #untilClose = false;
  /** Bytes that wait: of an incomplete head, or of the messages after this one. */
  #waiting: Buffer = EMPTY;
  #waitingLength = 0;
  #scanned = 0;

  constructor(options: MessageReaderOptions<Head>) {
    this.#options = options;
    this.#decoder = new ChunkedDecoder(
      { body: (chunk) => options.sink.body(chunk), end: () => this.#end() },
      options.refusal,
    );
  }

  /** Bytes that came after the message that is held. */
  get waiting(): number {
    return this.#waitingLength;
  }

  /** Whether a message has begun and is not complete. */
  get isInside(): boolean {
    return this.#state === "head" ? this.#waitingLength > 0 : this.#state !== "held";
  }

  /** Whether the message ends where its connection does. */
  get isUntilClose(): boolean {
    return this.#untilClose;
  }

  /** Takes bytes. Throws HttpError; then nothing more can be read. */
  feed(chunk: Buffer): void {
    if (this.#waitingLength > 0 || this.#state === "held") {
      this.#keep(chunk);
      this.#runWaiting();
      return;
    }
    this.#run(chunk);
  }

  /** Reads the next message, from what waits already. */
  next(): void {
    if (this.#state !== "held") return;
    this.#state = "head";
    this.#runWaiting();
  }

  /** Leaves what waits where it is until it holds a whole head. */
  #runWaiting(): void {
    if (this.#state !== "head" || this.#waitingLength === 0) return;
    const bytes = this.#waiting.subarray(0, this.#waitingLength);
    if (this.#findHead(bytes) === undefined) return;
    this.#waiting = EMPTY;
    this.#waitingLength = 0;
    this.#run(bytes);
  }

  /** Reads no more; gives the bytes that came after the message that is held. */
  detach(): Buffer {
    const bytes = this.#waiting.subarray(0, this.#waitingLength);
    this.#waiting = EMPTY;
    this.#waitingLength = 0;
    return bytes;
  }

  #run(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const used = this.#state === "held" ? -1 : this.#step(rest);
      if (used === -1) {
        this.#keep(rest);
        return;
      }
      rest = used === rest.length ? EMPTY : rest.subarray(used);
    }
  }

  /** How many bytes it used; -1 when a head is not complete. */
  #step(bytes: Buffer): number {
    if (this.#state === "head") return this.#readHead(bytes);
    if (this.#state === "chunked") return this.#decoder.feed(bytes).used;
    const size = this.#state === "fixed" ? Math.min(this.#left, bytes.length) : bytes.length;
    this.#options.sink.body(size === bytes.length ? bytes : bytes.subarray(0, size));
    if (this.#state === "fixed") {
      this.#left -= size;
      if (this.#left === 0) this.#end();
    }
    return size;
  }

  #readHead(bytes: Buffer): number {
    const found = this.#findHead(bytes);
    if (found === undefined) return -1;
    this.#scanned = 0;
    if (found.start === bytes.length) return found.start;
    this.#begin(this.#options.parse(bytes.toString("latin1", found.start, found.end)));
    return found.end + HEAD_END.length;
  }

  /** Where the head is; undefined when it is not complete. */
  #findHead(bytes: Buffer): { readonly start: number; readonly end: number } | undefined {
    // RFC 9112, 2.2: an empty line before a request is passed over.
    let start = 0;
    if (this.#options.refusal === 400)
      while (bytes[start] === CR && bytes[start + 1] === LF) start += 2;
    if (start === bytes.length) return { start, end: start };
    const end = bytes.indexOf(HEAD_END, Math.max(start, this.#scanned - 3));
    if ((end === -1 ? bytes.length : end) - start > MAX_HEAD_BYTES)
      throw new HttpError("Cannot read the head: it is too long", {
        status: this.#options.refusal === 400 ? 431 : 502,
      });
    if (end !== -1) return { start, end };
    this.#refuseBareLines(bytes, Math.max(start, this.#scanned - 1));
    this.#scanned = bytes.length;
    return undefined;
  }

  /** Lines that end in LF alone would never make a head: refused at once, not when the client gives up. */
  #refuseBareLines(bytes: Buffer, from: number): void {
    for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1))
      if (bytes[at - 1] !== CR)
        throw new HttpError("Cannot read the head: a line ends without CR", {
          status: this.#options.refusal,
        });
  }

  #begin(head: Head): void {
    // The sink may end the exchange and come back here: the state is set by what it gives.
    const framing = this.#options.sink.head(head);
    this.#untilClose = false;
    if (framing === "tunnel") this.#state = "raw";
    else if (framing.kind === "none") this.#end();
    else if (framing.kind === "chunked") this.#state = "chunked";
    else if (framing.kind === "fixed") {
      this.#state = "fixed";
      this.#left = framing.length;
    } else {
      this.#state = "raw";
      this.#untilClose = true;
    }
  }

  #end(): void {
    this.#state = "held";
    this.#options.sink.end();
  }

  /** Doubles when full, so that a head sent byte by byte costs no square of its length. */
  #keep(chunk: Buffer): void {
    const length = this.#waitingLength + chunk.length;
    if (length > this.#waiting.length || this.#waitingLength === 0) {
      if (this.#waitingLength === 0) {
        this.#waiting = chunk;
        this.#waitingLength = length;
        return;
      }
      const grown = Buffer.allocUnsafe(Math.max(length, this.#waiting.length * 2));
      this.#waiting.copy(grown, 0, 0, this.#waitingLength);
      this.#waiting = grown;
    }
    chunk.copy(this.#waiting, this.#waitingLength);
    this.#waitingLength = length;
  }
}
