import { spawnSync } from "node:child_process";
import { DeliveryError } from "./errors.ts";

/** Writes anew what is generated in gitops/: `bun run render`, with the Bun that runs this. */
export function render(root: string): void {
  const { status, signal, stderr } = spawnSync(process.execPath, ["run", "--silent", "render"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status === 0) return;
  const why = signal === null ? stderr.trim() : `${signal} stopped it`;
  throw new DeliveryError(`Cannot render gitops/: ${why}`, { code: "BAD_FILE" });
}
