import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintOverlays } from "./lint-overlays.ts";

test("lintOverlays() takes no file for an overlay, as a file manager leaves one", () => {
  const root = mkdtempSync(join(tmpdir(), "lint-overlays-"));
  const overlays = join(root, "gitops/overlays");
  mkdirSync(overlays, { recursive: true });
  writeFileSync(join(overlays, ".DS_Store"), "");
  expect(() => lintOverlays(root)).not.toThrow();
  mkdirSync(join(overlays, "empty"));
  expect(() => lintOverlays(root)).toThrow("overlay empty would be wrong");
  rmSync(root, { recursive: true });
});
