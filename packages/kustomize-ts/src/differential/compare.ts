import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "../build.ts";
import { BuildError } from "../errors.ts";
import { type Judge, judge, type Verdict } from "./judge.ts";
import type { Tree } from "./tree.ts";

/** What the real one and ours make of the same files; an error counts as one whatever it says. */
export interface Comparison {
  readonly real: Verdict;
  readonly ours: Verdict;
}

/** Builds a tree with both, in a folder of its own that goes away again. */
export async function compareBuilds(by: Judge, { files, root }: Tree): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), "kustomize-differential-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const path = join(folder, root);
    return { real: await judge(by, path), ours: buildOurs(path) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Our verdict. What is not a BuildError is a crash and goes on. */
export function buildOurs(path: string): Verdict {
  try {
    return { text: build(path, { reorder: "unspecified" }).text };
  } catch (error) {
    if (error instanceof BuildError) {
      return { error: error.message };
    }
    throw error;
  }
}

/** A verdict for comparing: the text, or that there was none. */
export function outcome(verdict: Verdict): string {
  return "text" in verdict ? verdict.text : "an error";
}
