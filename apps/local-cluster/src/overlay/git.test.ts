// Needs git.
import { afterEach, expect, test } from "bun:test";
import { createTree, type Tree } from "../testing/tree.ts";
import { describeTree, readBranch, readCommit, runGit } from "./git.ts";

const trees: Tree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

function open(): Tree {
  const tree = createTree({ "gitops/a": "1" });
  trees.push(tree);
  return tree;
}

test("readBranch() and readCommit() name what is followed", () => {
  const tree = open();
  tree.git("init", "--quiet", "--initial-branch=work/one");
  tree.commit("feat: move the weight");
  const branch = readBranch(`${tree.folder}/gitops`);
  expect(branch).toEqual({ root: tree.folder, ref: "refs/heads/work/one", name: "work/one" });
  const commit = readCommit(branch);
  expect(commit.id).toBe(tree.git("rev-parse", "HEAD"));
  expect(commit.text).toBe(`${tree.git("rev-parse", "--short", "HEAD")} feat: move the weight`);
});

test("readBranch() refuses a detached head and a folder without Git", () => {
  const tree = open();
  expect(() => readBranch(tree.folder)).toThrow("Cannot run git rev-parse: ");
  tree.git("init", "--quiet");
  tree.commit("first");
  tree.git("checkout", "--quiet", "--detach");
  expect(() => readBranch(tree.folder)).toThrow(
    "Cannot follow Git: no branch is checked out (HEAD is detached)",
  );
});

test("runGit() tells all that Git said, and in one line", () => {
  const tree = open();
  tree.git("init", "--quiet");
  // As of a checkout of somebody else, the last line alone says nothing.
  expect(() => runGit(tree.folder, ["log", "nonsense"])).toThrow(
    /^Cannot run git log: fatal: .*nonsense.* Use '--' .*\]'$/,
  );
});

test("describeTree() tells the commit, and changes since", () => {
  const tree = open();
  expect(describeTree(tree.folder)).toBe("working tree");
  tree.git("init", "--quiet");
  tree.commit("first");
  const head = tree.git("rev-parse", "--short", "HEAD");
  expect(describeTree(tree.folder)).toBe(`working tree (${head})`);
  tree.write("gitops/a", "2");
  expect(describeTree(tree.folder)).toBe(`working tree (${head} and changes)`);
});
