import type { Wire } from "./wire.ts";

/** So many pipelined requests are answered one after another before other connections have their turn. */
const MOST_A_TURN = 32;

/**
 * When the next pipelined request of a connection begins: who asks without end must not keep others waiting, and who
 * does not read the answers must not fill the memory.
 */
export class Turns {
  readonly #wire: Wire;
  readonly #next: () => void;
  #answered = 0;
  #waitingSince: number | undefined;

  /** `next` begins the next request, with what has come or will come. */
  constructor(wire: Wire, next: () => void) {
    this.#wire = wire;
    this.#next = next;
  }

  /** Since when, of `performance.now()`, the next request waits; undefined when it does not. */
  get waitingSince(): number | undefined {
    return this.#waitingSince;
  }

  /** The event loop has come round to this connection. */
  begin(): void {
    this.#answered = 0;
  }

  /** A request was answered: begins the next one, now or later. */
  finish(): void {
    this.#answered += 1;
    if (this.#answered < MOST_A_TURN && !this.#wire.isCongested) {
      this.#next();
      return;
    }
    this.#waitingSince ??= performance.now();
    this.#wire.pauseReading();
    this.#wire.flush();
    // A congested wire tells when it has drained.
    if (!this.#wire.isCongested) setImmediate(() => this.proceed());
  }

  /** Begins the request that waits, if there is one and the client reads. */
  proceed(): void {
    const wire = this.#wire;
    if (this.#waitingSince === undefined || wire.isClosed || wire.isCongested) return;
    this.#waitingSince = undefined;
    this.#answered = 0;
    this.#next();
    wire.flush();
  }
}
