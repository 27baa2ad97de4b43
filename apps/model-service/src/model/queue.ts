import { ServiceError } from "@hookline/http-service";
import { OVERLOADED } from "../error-meanings.ts";
import type { Bag, Model } from "./model.ts";
import { countRun, MOST_BAGS } from "./run-bags.ts";
import type { Slot } from "./slot.ts";

/** The score of one bag, and the model that gave it. */
export interface Scored {
  readonly model: Model;
  readonly probability: number;
  readonly logit: number;
}

interface QueueOptions {
  readonly slot: Slot;
  /** How many URLs may wait; one more is refused. */
  readonly limit: number;
  /** False: a run for each URL. It is there for the benchmark that shows what joining them saves. */
  readonly coalesce?: boolean;
  /** Told of each run: its URLs, and how long it took. */
  readonly onRun?: (urls: number, seconds: number) => void;
}

interface Job extends Bag {
  readonly finish: (scored: Scored) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the requests of one event-loop turn into one run of the model.
 *
 * The first bag of a turn schedules a run at the end of the turn (`setImmediate`), so that a lone
 * request waits for nobody: there is no timer. Bags that come while a run is under way make up
 * the next one.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #mostBags: number;
  #jobs: Job[] = [];
  #busy = false;
  /** While a batch that had to wait for its room adds its bags. */
  #isOpen = false;
  #waiters: (() => void)[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#mostBags = options.coalesce === false ? 1 : MOST_BAGS;
  }

  /** How many URLs wait for a run. */
  get length(): number {
    return this.#jobs.length;
  }

  /**
   * What `finish` makes of the score of one bag; it is called at once, so that a request waits for one
   * promise here. Throws or rejects with a `ServiceError`: `OVERLOADED` when the queue is full,
   * `NOT_READY` when there is no model.
   */
  score<T>(bag: Bag, finish: (scored: Scored) => T): Promise<T> {
    if (this.#jobs.length >= this.#options.limit && !this.#isOpen) {
      const message = "Too many URLs wait for the model; try again in a second";
      throw new ServiceError(message, { ...OVERLOADED, headers: { "retry-after": "1" } });
    }
    return new Promise((resolve, reject) => {
      const job = {
        ids: bag.ids,
        ends: bag.ends,
        scale: bag.scale,
        reject,
        finish(scored: Scored) {
          try {
            resolve(finish(scored));
          } catch (error) {
            reject(error);
          }
        },
      };
      this.#jobs.push(job);
      if (!this.#busy) {
        this.#busy = true;
        setImmediate(() => this.#work());
      }
    });
  }

  /**
   * What `add` gives, which is called when the `count` bags that it scores at once have room: batches wait here instead
   * of being refused. They fill half of the queue at most, so that a lone request finds room beside them; more are
   * taken when nothing waits, for they would otherwise never be.
   */
  async whenRoom<T>(count: number, add: () => Promise<T>): Promise<T> {
    while (this.#jobs.length > 0 && this.#jobs.length + count > this.#options.limit / 2) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    // In the same turn as the look: of all who wait, each would see the same room.
    this.#isOpen = true;
    try {
      return add();
    } finally {
      this.#isOpen = false;
    }
  }

  async #work(): Promise<void> {
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs.splice(0, countRun(this.#jobs, 0, this.#mostBags));
      await this.#run(jobs);
      for (const wake of this.#waiters.splice(0)) {
        wake();
      }
    }
    this.#busy = false;
  }

  async #run(jobs: readonly Job[]): Promise<void> {
    try {
      const model = this.#options.slot.require();
      const begun = performance.now();
      const { probability, logit } = await model.run(jobs);
      this.#options.onRun?.(jobs.length, (performance.now() - begun) / 1000);
      for (let i = 0; i < jobs.length; i++) {
        jobs[i]?.finish({
          model,
          probability: probability[i] ?? Number.NaN,
          logit: logit[i] ?? Number.NaN,
        });
      }
    } catch (error) {
      for (const job of jobs) {
        job.reject(error);
      }
    }
  }
}
