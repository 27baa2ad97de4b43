import type { Socket } from "bun";

declare module "bun" {
  // Bun's sockets have both; its types do not say so.
  interface Socket<Data> {
    pause(): void;
    resume(): void;
  }
}

/** More than this waits for a slow reader: whoever feeds the wire should pause. */
const HIGH_WATER = 256 * 1024;
/** Pieces up to this sum go out in one write. */
const JOIN_LIMIT = 64 * 1024;

/** The writing side of a socket: joins small writes, keeps what the kernel does not take, says when it is congested. */
export class Wire {
  readonly #socket: Socket<unknown>;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isBlocked = false;
  #isEnding = false;
  #isClosed = false;
  #isPaused = false;
  /** Called when a congested wire has emptied. */
  onDrain: (() => void) | undefined;

  constructor(socket: Socket<unknown>) {
    this.#socket = socket;
  }

  /** What is pushed and not flushed yet does not count: a drain would never be told. */
  get isCongested(): boolean {
    return this.#isBlocked && this.#bytes > HIGH_WATER;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Text is Latin-1, as heads are. Nothing is sent before `flush()`. */
  push(piece: Buffer | string): void {
    if (this.#isClosed || this.#isEnding || piece.length === 0) return;
    this.#pieces.push(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
    this.#bytes += piece.length;
  }

  flush(): void {
    while (this.#bytes > 0 && !this.#isBlocked && !this.#isClosed) {
      const piece = this.#takePiece();
      const written = Math.max(0, this.#socket.write(piece));
      this.#bytes -= written;
      if (written < piece.length) {
        this.#pieces.unshift(piece.subarray(written));
        this.#isBlocked = true;
      }
    }
    if (this.#bytes === 0 && this.#isEnding && !this.#isClosed) this.#socket.shutdown();
  }

  #takePiece(): Buffer {
    const first = this.#pieces[0] ?? Buffer.alloc(0);
    if (this.#pieces.length === 1 || first.length >= JOIN_LIMIT) {
      this.#pieces.shift();
      return first;
    }
    let count = 0;
    let bytes = 0;
    for (const { length } of this.#pieces) {
      if (bytes + length > JOIN_LIMIT && count > 0) break;
      bytes += length;
      count += 1;
    }
    return Buffer.concat(this.#pieces.splice(0, count), bytes);
  }

  /** The kernel takes more. */
  drained(): void {
    this.#isBlocked = false;
    this.flush();
    if (!this.isCongested) this.onDrain?.();
  }

  pauseReading(): void {
    if (this.#isPaused || this.#isClosed) return;
    this.#isPaused = true;
    this.#socket.pause();
  }

  resumeReading(): void {
    if (!this.#isPaused || this.#isClosed) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** Sends what waits, then FIN; reading goes on. */
  end(): void {
    if (this.#isEnding) return;
    this.flush();
    this.#isEnding = true;
    this.flush();
  }

  /** Closes at once; what waits is lost. */
  destroy(): void {
    if (this.#isClosed) return;
    this.closed();
    this.#socket.terminate();
  }

  /** The socket is closed: nothing is written any more. */
  closed(): void {
    this.#isClosed = true;
    this.#pieces = [];
    this.#bytes = 0;
    this.onDrain = undefined;
  }
}
