// Needs git.
import { afterEach, expect, test } from "bun:test";
import { createTree, type Tree } from "../testing/tree.ts";
import { until } from "../testing/until.ts";
import { type Following, followBranch, followFiles } from "./follow.ts";
import { readBranch } from "./git.ts";

const trees: Tree[] = [];
const followings: Following[] = [];
afterEach(() => {
  for (const following of followings.splice(0)) following.stop();
  for (const tree of trees.splice(0)) tree.remove();
});

function open(): Tree {
  const tree = createTree({ "a/b.yaml": "1", "a/deep/c.yaml": "1" });
  trees.push(tree);
  return tree;
}

test.each([
  ["a write", (tree: Tree) => tree.write("a/b.yaml", "2")],
  ["a write further down", (tree: Tree) => tree.write("a/deep/c.yaml", "2")],
  ["a new folder", (tree: Tree) => tree.write("a/new/d.yaml", "2")],
])(
  "followFiles() tells %s, once",
  async (_, change) => {
    const tree = open();
    let changes = 0;
    followings.push(followFiles(tree.folder, { changed: () => changes++, lost: () => {} }));
    change(tree);
    change(tree);
    await until("it was told", () => changes > 0);
    expect(changes).toBe(1);
  },
  120_000,
);

test("followFiles() refuses what cannot be watched, and says what can be done", () => {
  const follow = () => followFiles("/no/such/folder", { changed: () => {}, lost: () => {} });
  expect(follow).toThrow(
    /^Cannot follow saves in "\/no\/such\/folder": ENOENT: .+; bun run up --git follows commits$/,
  );
});

test.each([
  ["a commit", (tree: Tree) => tree.commit("second")],
  [
    "a commit that is packed at once",
    (tree: Tree) => {
      tree.commit("second");
      tree.git("pack-refs", "--all");
    },
  ],
  ["a reset", (tree: Tree) => tree.git("reset", "--quiet", "--hard", "HEAD~1")],
])(
  "followBranch() tells %s",
  async (_, change) => {
    const tree = open();
    tree.git("init", "--quiet", "--initial-branch=main");
    tree.commit("zeroth");
    tree.write("a/b.yaml", "3");
    tree.commit("first");
    let changes = 0;
    followings.push(followBranch(readBranch(tree.folder), () => changes++));
    tree.write("a/b.yaml", "4");
    change(tree);
    await until("it was told", () => changes > 0);
  },
  120_000,
);
