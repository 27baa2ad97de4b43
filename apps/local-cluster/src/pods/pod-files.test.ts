import { expect, test } from "bun:test";
import { join } from "node:path";
import { writePodFiles } from "./pod-files.ts";

test("writePodFiles() says in a sentence where it cannot write", () => {
  // Below a file there is no folder, whoever asks.
  const folder = join(import.meta.path, "pod");
  const volumes = new Map([["a", { kind: "files", files: new Map() }]] as const);
  expect(() => writePodFiles(folder, { mounts: [], volumes })).toThrow(
    /^Cannot write the pods' files to ".*": ENOTDIR/,
  );
});
