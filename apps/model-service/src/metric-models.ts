import { type Declarers, LATENCY_STEPS } from "./metric-declare.ts";
import type { Model } from "./model/model.ts";

const RUN_STEPS = [1, 2, 4, 8, 12, 16, 20, 24, 28, 32];

/** What is counted of the model's runs. */
export function declareRuns({ histogram }: Declarers) {
  const urls = histogram("model_run_urls", {
    help: "URLs of one run of the model",
    steps: RUN_STEPS,
  }).cell({});
  const seconds = histogram("model_run_duration_seconds", {
    help: "Time of one run of the model, with its wait for the event loop",
    steps: LATENCY_STEPS,
  }).cell({});
  return {
    ran(count: number, duration: number): void {
      urls.observe(count);
      seconds.observe(duration);
    },
  };
}

/** What is told of the model that answers, and of those that were found. */
export function declareModels({ counter, gauge }: Declarers) {
  const swaps = counter(
    "model_swaps_total",
    "Model folders found, by what became of them",
    "outcome",
  );
  const outcomes = {
    loaded: swaps.cell({ outcome: "loaded" }),
    refused: swaps.cell({ outcome: "refused" }),
  };
  const info = gauge("model_info", {
    help: "1 for the model that answers",
    labelNames: ["version", "name", "model_version", "contract", "sha256"],
  });
  const created = gauge("model_created_timestamp_seconds", {
    help: "When the model that answers was trained; time() less this is its age",
    labelNames: ["version"],
  });
  const loaded = gauge("model_loaded_timestamp_seconds", {
    help: "When the model that answers was put in place",
    labelNames: ["version"],
  });
  const describeReference = declareReference(gauge);
  return {
    swapped: (outcome: keyof typeof outcomes) => void outcomes[outcome].value++,
    describe(model: Model): void {
      for (const family of [info, created, loaded]) {
        family.cells = [];
      }
      const { card, label: version } = model;
      const { name, contract, sha256 } = card;
      info.cell({ version, name, model_version: card.version, contract, sha256 }).value = 1;
      created.cell({ version }).value = Date.parse(card.created) / 1000;
      loaded.cell({ version }).value = Date.now() / 1000;
      describeReference(model);
    },
  };
}

function declareReference(gauge: Declarers["gauge"]): (model: Model) => void {
  const reference = gauge("model_reference_share", {
    help: "Share of the training's test rows at or below le, by what was measured",
    labelNames: ["version", "of", "le"],
  });
  return ({ card: { drift }, label: version }) => {
    reference.cells = [];
    for (const of of ["probability", "length"] as const) {
      let sum = 0;
      for (const [i, share] of drift[of].shares.entries()) {
        sum += share;
        const edge = Number(drift[of].edges[i + 1]);
        const le = String(of === "length" ? edge - 1 : edge);
        reference.cell({ version, of, le }).value = sum;
      }
    }
  };
}
