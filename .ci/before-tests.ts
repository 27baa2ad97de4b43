// Loaded before the tests: they are about this machine and folders of their own.
import { reachLoopback } from "../packages/command-line/src/index.ts";

reachLoopback();
// Git names its repository to hooks. What is deleted from process.env here, Bun.spawn still hands on.
const named = ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"].filter((name) => process.env[name]);
if (named.length > 0) {
  console.error(
    `Cannot test with ${named.join(" and ")} set, as Git does for a hook: tests would write to that repository; unset it, as bun run test does`,
  );
  process.exit(1);
}
