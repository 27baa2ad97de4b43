import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeliveryError } from "../errors.ts";
import { runGit, tryGit } from "../git.ts";
import type { TreeChange } from "./change-tree.ts";
import { type Copy, copyPin, describePin, findPin, isCopied } from "./roles.ts";
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

/** The roles whose images everybody gets by a promotion; the first one names it. */
const COPIES = {
  stable: [{ from: "app-canary", to: "app-stable" }],
  model: [
    { from: "model-shadow", to: "model-stable" },
    { from: "model-service-shadow", to: "model-service-stable" },
  ],
} as const satisfies Record<string, readonly Copy[]>;

/** The share of the visitors that the canary has, in per cent. */
export function readCanaryWeight(root: string): number {
  return findWeight(readFileSync(join(root, ROUTES), "utf8"));
}

/** The canary's share as a commit has it; undefined where there is no such commit. */
export function readWeightAt(root: string, commit: string): number | undefined {
  const [hash] = tryGit(root, ["rev-parse", "--verify", "--quiet", `${commit}:${ROUTES}`]);
  return hash === undefined ? undefined : findWeight(runGit(root, ["cat-file", "blob", hash]));
}

function findWeight(text: string): number {
  return readWeights(text).find(({ subset }) => subset === CANDIDATE)?.weight ?? 0;
}

/** What a promotion changes, and how it is told. Throws DeliveryError BAD_ARGUMENT, BAD_FILE, NOTHING_TO_DO. */
export function planPromotion(
  root: string,
  promotion: Promotion,
): Pick<TreeChange, "subject" | "command" | "apply"> {
  if (promotion.kind === "weight") {
    const { weight } = promotion;
    if (readCanaryWeight(root) === weight) {
      const message = `Cannot promote: the canary has ${weight} in 100 already; name another --weight`;
      throw new DeliveryError(message, { code: "NOTHING_TO_DO" });
    }
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

/** Says so where everybody has the images of a promotion already; undefined where there is something to promote. */
export function describeDone(root: string, { kind }: Promotion): string | undefined {
  if (kind === "weight" || !COPIES[kind].every((copy) => isCopied(root, copy))) return undefined;
  return `everybody has ${nameImage(root, COPIES[kind][0].from)} already`;
}

/** Everybody gets the canary's image; the next canary begins with few again. */
function planStable(root: string, weight: number) {
  const done = describeDone(root, { kind: "stable", weight });
  if (done !== undefined) {
    const now = readCanaryWeight(root);
    const message = `Cannot promote: ${done}; for another share than ${now} in 100, promote canary --weight PERCENT`;
    throw new DeliveryError(message, { code: "NOTHING_TO_DO" });
  }
  return {
    subject: `feat(gitops): give everybody ${nameImage(root, COPIES.stable[0].from)}`,
    command: "promote canary --to stable",
    apply: (at: string) => {
      for (const copy of COPIES.stable) copyPin(at, copy);
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
  const done = describeDone(root, { kind: "model", version });
  if (done !== undefined) {
    throw new DeliveryError(`Cannot promote: ${done}`, { code: "NOTHING_TO_DO" });
  }
  return {
    subject: `feat(gitops): answer with ${nameImage(root, COPIES.model[0].from)}`,
    command: `promote model ${version}`,
    apply: (at: string) => {
      for (const copy of COPIES.model) copyPin(at, copy);
    },
  };
}

/** The image of a role without its registry: `app:0.2.0`. */
function nameImage(root: string, role: string): string {
  const image = describePin(findPin(root, role));
  return image.slice(image.lastIndexOf("/") + 1);
}

function writeWeight(root: string, weight: number): void {
  const file = join(root, ROUTES);
  writeFileSync(file, setWeight(readFileSync(file, "utf8"), CANDIDATE, weight));
}
