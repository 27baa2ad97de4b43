import { writeGolden } from "./golden.ts";

const USAGE = "Usage: bun gitops/cli.ts render";

const [command, ...rest] = Bun.argv.slice(2);
if (command === "render" && rest.length === 0) {
  const changed = await writeGolden();
  for (const overlay of changed) console.log(`gitops/golden/${overlay}.yaml`);
  if (changed.length === 0) console.log("golden: nothing changed");
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
