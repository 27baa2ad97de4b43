export const MINUTE_MS = 60_000;
/** A day: what is older is forgotten. */
export const MOST_MINUTES = 1440;

/** What is kept of each of the last minutes, made when something is first to be kept. */
export class Minutes<Kept> {
  readonly #kept = new Map<number, Kept>();
  readonly #create: () => Kept;
  readonly #now: () => number;

  constructor({ create, now }: { readonly create: () => Kept; readonly now: () => number }) {
    this.#create = create;
    this.#now = now;
  }

  /** That of now. */
  get current(): Kept {
    const minute = this.#minute();
    const known = this.#kept.get(minute);
    if (known !== undefined) {
      return known;
    }
    for (const old of this.#kept.keys()) {
      if (old > minute - MOST_MINUTES) {
        break;
      }
      this.#kept.delete(old);
    }
    const fresh = this.#create();
    this.#kept.set(minute, fresh);
    return fresh;
  }

  /** That of the last `count` minutes, the running one included, oldest first. */
  last(count: number): readonly Kept[] {
    const first = this.#minute() - count + 1;
    return [...this.#kept].filter(([minute]) => minute >= first).map(([, kept]) => kept);
  }

  #minute(): number {
    return Math.floor(this.#now() / MINUTE_MS);
  }
}
