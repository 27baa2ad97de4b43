/** A queue of fixed room: who adds to a full one pushes out what has waited longest. */
export class Ring<Item> {
  readonly #slots: (Item | undefined)[];
  #first = 0;
  #length = 0;
  /** How many were pushed out since `takeDropped` was last asked. */
  #dropped = 0;

  constructor(capacity: number) {
    this.#slots = new Array<Item | undefined>(capacity).fill(undefined);
  }

  get length(): number {
    return this.#length;
  }

  push(item: Item): void {
    const slots = this.#slots;
    const end = this.#first + this.#length;
    slots[end < slots.length ? end : end - slots.length] = item;
    if (this.#length < slots.length) {
      this.#length++;
      return;
    }
    this.#first = this.#first + 1 < slots.length ? this.#first + 1 : 0;
    this.#dropped++;
  }

  /** The one that has waited longest. */
  shift(): Item | undefined {
    if (this.#length === 0) {
      return undefined;
    }
    const item = this.#slots[this.#first];
    // Let go of: the answer it holds must not live as long as the ring.
    this.#slots[this.#first] = undefined;
    this.#first = this.#first + 1 < this.#slots.length ? this.#first + 1 : 0;
    this.#length--;
    return item;
  }

  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
