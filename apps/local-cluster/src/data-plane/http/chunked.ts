import { FORBIDDEN, parseHeaderLines } from "./head.ts";
import { HttpError } from "./http-error.ts";

/** A size with its extension, at most; extensions are dropped, as RFC 9112, 7.1.1 lets a recipient do. */
const MAX_SIZE_LINE = 256;
const MAX_TRAILERS = 8192;
/** Up to 2^48 - 1: no chunk is longer, and a sum stays exact. */
const SIZE_LINE = /^([0-9A-Fa-f]{1,12})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;
const LF = 10;

export interface ChunkedSink {
  body(chunk: Buffer): void;
  end(): void;
}

/** Reads one chunked body, however its bytes are split. */
export class ChunkedDecoder {
  readonly #sink: ChunkedSink;
  readonly #status: number;
  #state: "size" | "data" | "data-end" | "trailers" = "size";
  #left = 0;
  /** A line, or the trailers, that are not complete yet. */
  #text = "";

  constructor(sink: ChunkedSink, status: number) {
    this.#sink = sink;
    this.#status = status;
  }

  /** Takes bytes; gives how many it used. Fewer than given: the body has ended. Throws HttpError. */
  feed(chunk: Buffer): { readonly used: number; readonly ended: boolean } {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === "data") {
        const end = Math.min(chunk.length, at + this.#left);
        this.#sink.body(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "data-end";
        continue;
      }
      const lineEnd = chunk.indexOf(LF, at);
      const end = lineEnd === -1 ? chunk.length : lineEnd + 1;
      this.#text += chunk.toString("latin1", at, end);
      at = end;
      if (this.#takeLine(lineEnd !== -1)) return { used: at, ended: true };
    }
    return { used: at, ended: false };
  }

  /** True when the body has ended. */
  #takeLine(isWhole: boolean): boolean {
    const text = this.#text;
    if (this.#state === "trailers") return this.#takeTrailers(isWhole);
    if (text.length > (this.#state === "size" ? MAX_SIZE_LINE : 2)) this.#refuse("a line is long");
    if (!isWhole) return false;
    if (!text.endsWith("\r\n")) this.#refuse("a line does not end in CRLF");
    this.#text = "";
    if (this.#state === "data-end") {
      this.#state = "size";
      return false;
    }
    const [, size] = SIZE_LINE.exec(text.slice(0, -2)) ?? this.#refuse("a size is not a number");
    this.#left = Number.parseInt(size ?? "", 16);
    this.#state = this.#left === 0 ? "trailers" : "data";
    return false;
  }

  #takeTrailers(isWhole: boolean): boolean {
    const text = this.#text;
    if (text.length > MAX_TRAILERS)
      throw new HttpError("Cannot read the trailers: too long", {
        status: this.#status === 400 ? 431 : this.#status,
      });
    if (!isWhole || !(text === "\r\n" || text.endsWith("\r\n\r\n"))) {
      if (isWhole && !text.endsWith("\r\n")) this.#refuse("a trailer does not end in CRLF");
      return false;
    }
    this.#text = "";
    this.#state = "size";
    if (text === "\r\n") {
      this.#sink.end();
      return true;
    }
    if (FORBIDDEN.test(text)) this.#refuse("a trailer has a forbidden character");
    // Read, and left out: so does Envoy (Http1ProtocolOptions.enable_trailers), and not every program expects them.
    parseHeaderLines(text.slice(0, -4).split("\r\n"), 0);
    this.#sink.end();
    return true;
  }

  #refuse(what: string): never {
    throw new HttpError(`Cannot read a chunk: ${what}`, { status: this.#status });
  }
}
