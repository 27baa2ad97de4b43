import { ServiceError } from "@hookline/http-service";
import type { Model } from "./model.ts";

/**
 * The place where the model that answers stands.
 *
 * Whoever scores takes `current` anew for each run; a model that was taken out is released after
 * the runs that it has begun.
 */
export class Slot {
  #current: Model | undefined;

  constructor(model?: Model) {
    this.#current = model;
  }

  /** The model for the next run; undefined: none was loaded yet. */
  get current(): Model | undefined {
    return this.#current;
  }

  /** The same; throws a `ServiceError` `NOT_READY` when there is none. */
  require(): Model {
    if (this.#current === undefined) {
      throw new ServiceError("No model is loaded yet", {
        code: "NOT_READY",
        headers: { "retry-after": "1" },
      });
    }
    return this.#current;
  }

  /** Puts a model in; from here on every run takes it. Ends when the one before is released. */
  async put(model: Model): Promise<void> {
    const before = this.#current;
    this.#current = model;
    await before?.release();
  }

  /** Takes the model out and releases it. */
  async clear(): Promise<void> {
    const before = this.#current;
    this.#current = undefined;
    await before?.release();
  }
}
