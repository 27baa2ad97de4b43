// Runs before what installs: an older Bun cannot read bun.lock, and does not say what would help.
import { packageManager } from "../package.json";

const wanted = packageManager.replace("bun@", "");
if (Bun.semver.order(Bun.version, wanted) < 0) {
  console.error(
    `Cannot install with Bun ${Bun.version}: this needs ${wanted}; put npx -y bun@${wanted} in place of bun, or run npm install --global bun@${wanted}`,
  );
  process.exit(1);
}
