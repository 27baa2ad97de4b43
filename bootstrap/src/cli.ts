import { join } from "node:path";
import { renderFiles } from "./render.ts";

const GITOPS = join(import.meta.dir, "..", "..", "gitops");
const USAGE = `Usage: bun bootstrap/src/cli.ts render
  render  writes what Argo CD runs into gitops/applications and gitops/platform`;

const [command, ...rest] = Bun.argv.slice(2);
if (command === "render" && rest.length === 0) {
  let changed = 0;
  for (const [path, text] of renderFiles()) {
    const file = Bun.file(join(GITOPS, path));
    if ((await file.exists()) && (await file.text()) === text) continue;
    await Bun.write(file, text);
    console.log(`gitops/${path}`);
    changed += 1;
  }
  if (changed === 0) console.log("applications and platform: nothing changed");
} else if (Bun.argv.includes("--help")) {
  console.log(USAGE);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
