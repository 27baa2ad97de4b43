import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeliveryError } from "../errors.ts";
import type { TreeChange } from "./change-tree.ts";
import { copyPin, describePin, findPin } from "./roles.ts";
import { readWeights, setWeight } from "./weights.ts";

/** What is promoted. */
export type Promotion =
  | { readonly kind: "weight"; readonly weight: number }
  | { readonly kind: "stable"; readonly weight: number }
  | { readonly kind: "model"; readonly version: string };

const ROUTES = "gitops/components/canary/routes-patch.yaml";
/** The subset of the canary, and the label of the model in the shadow (gitops/components). */
export const CANDIDATE = "v2";
/** The share that a new canary begins with. */
export const FIRST_WEIGHT = 10;

/** The share of the visitors that the canary has, in per cent. */
export function readCanaryWeight(root: string): number {
  const weights = readWeights(readFileSync(join(root, ROUTES), "utf8"));
  return weights.find(({ subset }) => subset === CANDIDATE)?.weight ?? 0;
}

/** What a promotion changes, and how it is told. Throws DeliveryError BAD_ARGUMENT, BAD_FILE. */
export function planPromotion(
  root: string,
  promotion: Promotion,
): Pick<TreeChange, "subject" | "command" | "apply"> {
  if (promotion.kind === "weight") {
    const { weight } = promotion;
    return {
      subject: `feat(gitops): send ${weight} in 100 visitors to the canary`,
      command: `promote canary --weight ${weight}`,
      apply: (at) => writeWeight(at, weight),
    };
  }
  return promotion.kind === "stable"
    ? planStable(root, promotion.weight)
    : planModel(root, promotion.version);
}

/** Everybody gets the canary's image; the next canary begins with few again. */
function planStable(root: string, weight: number) {
  const image = describePin(findPin(root, "app-canary"));
  return {
    subject: `feat(gitops): give everybody ${image.slice(image.lastIndexOf("/") + 1)}`,
    command: "promote canary --to stable",
    apply: (at: string) => {
      copyPin(at, { from: "app-canary", to: "app-stable" });
      writeWeight(at, weight);
    },
  };
}

/** The model in the shadow, with the service that runs it there, answers everybody. */
function planModel(root: string, version: string) {
  if (version !== CANDIDATE) {
    const message = `Cannot promote model ${version}: the one in the shadow is ${CANDIDATE}`;
    throw new DeliveryError(message, { code: "BAD_ARGUMENT" });
  }
  const image = describePin(findPin(root, "model-shadow"));
  return {
    subject: `feat(gitops): answer with ${image.slice(image.lastIndexOf("/") + 1)}`,
    command: `promote model ${version}`,
    apply: (at: string) => {
      copyPin(at, { from: "model-shadow", to: "model-stable" });
      copyPin(at, { from: "model-service-shadow", to: "model-service-stable" });
    },
  };
}

function writeWeight(root: string, weight: number): void {
  const file = join(root, ROUTES);
  writeFileSync(file, setWeight(readFileSync(file, "utf8"), CANDIDATE, weight));
}
