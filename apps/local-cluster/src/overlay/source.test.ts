// Needs git.
import { afterEach, expect, test } from "bun:test";
import { createTree, type Tree } from "../testing/tree.ts";
import type { Following } from "./follow.ts";
import { createSource } from "./source.ts";

const trees: Tree[] = [];
const followings: Following[] = [];
afterEach(() => {
  for (const following of followings.splice(0)) following.stop();
  for (const tree of trees.splice(0)) tree.remove();
});

test.each([
  ["files", 1],
  ["git", 1],
  ["nothing", 0],
] as const)(
  "a source that follows %s has what came since it was read looked for: %d",
  (follow, times) => {
    const tree = createTree({ "gitops/overlays/one/kustomization.yaml": "resources: []\n" });
    trees.push(tree);
    tree.git("init", "--quiet");
    tree.commit("feat: one");
    const source = createSource({ gitops: `${tree.folder}/gitops`, overlay: "one", follow });
    let changes = 0;
    followings.push(source.follow({ changed: () => changes++, lost: () => {} }));
    expect(changes).toBe(times);
  },
);
