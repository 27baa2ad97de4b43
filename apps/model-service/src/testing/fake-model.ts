import { Card } from "../model/card.ts";
import type { Bag, Model, Scores } from "../model/model.ts";

const EVEN = (edges: readonly number[]) => ({
  edges,
  shares: Array.from({ length: edges.length - 1 }, () => 1 / (edges.length - 1)),
});

/** A card that is right in every field. */
export const CARD = Card.parse({
  format: 1,
  name: "linear",
  version: "1.0.0",
  created: "2026-01-01T00:00:00.000Z",
  contract: "lib-ml/3",
  sha256: "0".repeat(64),
  bytes: 1,
  threshold: 0.6,
  unsure: { low: 0.4, high: 0.6 },
  prior: 0.5,
  precisionAt: [{ baseRate: 0.01, precision: 0.4 }],
  drift: { probability: EVEN([0, 0.5, 1]), length: EVEN([0, 20, 2048]) },
});

interface FakeModelOptions {
  readonly card?: Partial<Card>;
  /** The logit of a bag; without it a made-up linear model. */
  readonly score?: (bag: Bag) => number;
  /** Holds each run back until it ends. */
  readonly gate?: () => Promise<void>;
}

/** A model without ONNX: the same promises, and it keeps the sizes of its runs. */
export class FakeModel implements Model {
  readonly card: Card;
  readonly label: string;
  readonly runs: number[] = [];
  released = false;
  readonly #options: FakeModelOptions;

  constructor(options: FakeModelOptions = {}) {
    this.card = { ...CARD, ...options.card };
    this.label = `v${this.card.version.split(".", 1)[0]}`;
    this.#options = options;
  }

  async run(bags: readonly Bag[]): Promise<Scores> {
    if (this.released) {
      throw new Error("Cannot run a released model");
    }
    const score = this.#options.score ?? scoreLinear;
    this.runs.push(bags.length);
    await this.#options.gate?.();
    const logit = Float32Array.from(bags, score);
    return { logit, probability: logit.map((value) => 1 / (1 + Math.exp(-value))) };
  }

  async release(): Promise<void> {
    this.released = true;
  }
}

function scoreLinear({ ids, scale }: Bag): number {
  return ids.reduce((sum, id) => sum + ((id % 61) - 30) / 16, 0) * scale + 0.25;
}
