// Loaded before a pod's program: ends the process, and removes the run's folder, when whoever started it is gone.
import { rmSync } from "node:fs";

const folder = process.env["HOOKLINE_RUN_FOLDER"];
// The other end of standard input is held by `up` alone; the system closes it however `up` ends.
process.stdin.on("end", () => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, "SIGKILL");
});
process.stdin.resume();
