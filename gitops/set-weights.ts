import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Sets the weights of the canary in a copy of the repository, whatever a promotion has made of them. */
export function setWeights(root: string, weights: readonly [stable: number, canary: number]): void {
  const path = join(root, "gitops/components/canary/routes-patch.yaml");
  const [first, second, third, ...more] = readFileSync(path, "utf8").split(/weight: \d+/);
  if (third === undefined || more.length > 0) throw new Error(`${path} does not have two weights`);
  const [stable, canary] = weights;
  writeFileSync(path, `${first}weight: ${stable}${second}weight: ${canary}${third}`);
}
