import { join } from "node:path";
import { DeliveryError } from "../errors.ts";
import { type Pin, readPins, setPin } from "../release/deploy.ts";

/** The pins of a role's images: the page's canary, the model's shadow, what everybody gets. */
export function findPin(root: string, role: string): Pin {
  const pin = readPins(join(root, "gitops")).find((each) => each.role === role);
  if (pin !== undefined) return pin;
  throw new DeliveryError(
    `Cannot find the image of ${role}: no kustomization.yaml in gitops/ has an image of that name`,
    { code: "BAD_FILE" },
  );
}

/** Two roles of one image: what the one has, the other one is to get. */
export interface Copy {
  readonly from: string;
  readonly to: string;
}

/** Whether both roles have the same image already. */
export function isCopied(root: string, { from, to }: Copy): boolean {
  const [source, target] = [findPin(root, from), findPin(root, to)];
  return (
    source.image === target.image && source.tag === target.tag && source.digest === target.digest
  );
}

/** Pins for one role what another one has; both are roles of one image. */
export function copyPin(root: string, { from, to }: Copy): void {
  const [source, target] = [findPin(root, from), findPin(root, to)];
  setPin(join(root, "gitops"), {
    ...target,
    image: source.image,
    tag: source.tag,
    digest: source.digest,
  });
}

/** A pin as people read it: `ghcr.io/hookline/app:0.2.0`. */
export function describePin({ image, tag, digest }: Pin): string {
  return tag === undefined ? `${image}@${digest}` : `${image}:${tag}`;
}
