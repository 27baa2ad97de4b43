/** One counter of a window. */
export interface Counter {
  /** The count without adding. */
  read(): number;
  /** Adds and gives the count after it. */
  add(hits: number): number;
}

interface Window {
  end: number;
  readonly counts: Map<string, number>;
}

/**
 * Counters by window. A window that has ended is dropped with all it holds when the next one
 * opens; past `max` the oldest counters of the window that ends first go, as Redis with
 * `volatile-ttl` would let them go.
 */
export class CounterStore {
  readonly #max: number;
  /** By their first second: the limiter's key holds that second and not the length. */
  readonly #windows = new Map<number, Window>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many counters are held. */
  get size(): number {
    return this.#size;
  }

  /** The counter of a key in the window of so many seconds that this second lies in. */
  find(key: string, seconds: number, length: number): Counter {
    const start = seconds - (seconds % length);
    const window = this.#windows.get(start) ?? this.#open(start, seconds);
    window.end = Math.max(window.end, start + length);
    const { counts } = window;
    return {
      read: () => counts.get(key) ?? 0,
      add: (hits) => {
        const before = counts.get(key);
        if (before === undefined) this.#makeRoom();
        const after = (before ?? 0) + hits;
        counts.set(key, after);
        return after;
      },
    };
  }

  #open(start: number, seconds: number): Window {
    for (const [old, { end, counts }] of this.#windows) {
      if (end > seconds) continue;
      this.#size -= counts.size;
      this.#windows.delete(old);
    }
    const window = { end: start, counts: new Map<string, number>() };
    this.#windows.set(start, window);
    return window;
  }

  #makeRoom(): void {
    this.#size += 1;
    if (this.#size <= this.#max) return;
    const [first] = [...this.#windows.values()]
      .filter(({ counts }) => counts.size > 0)
      .toSorted((one, other) => one.end - other.end);
    const oldest = first?.counts.keys().next().value;
    if (oldest !== undefined && first?.counts.delete(oldest) === true) this.#size -= 1;
  }
}
