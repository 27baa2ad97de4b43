// Loaded before the tests: they are about this machine and folders of their own, and leave out what cannot run here.
import { plugin } from "bun";
import { reachLoopback } from "../packages/command-line/src/index.ts";

reachLoopback();
// Git names its repository to hooks. What is deleted from process.env here, Bun.spawn still hands on.
const named = ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"].filter((name) => process.env[name]);
if (named.length > 0) {
  console.error(
    `Cannot test with ${named.join(" and ")} set, as Git does for a hook: tests would write to that repository; use bun run test, which unsets them`,
  );
  process.exit(1);
}

/** What a test file may say on its first line that it cannot do without (`// Needs git, ssh.`): nobody's Node.js brings it. */
const NEEDS = /^\/\/ Needs (.*)\.\n/;
const absent = ["git", "openssl", "ssh"].filter((name) => Bun.which(name) === null);
if (absent.length > 0) {
  plugin({
    name: "skip the files that need what is absent",
    setup(build) {
      build.onLoad({ filter: /\.test\.tsx?$/ }, async ({ path }) => {
        const contents = await Bun.file(path).text();
        const needs = NEEDS.exec(contents)?.[1]?.split(", ") ?? [];
        const missing = needs.filter((name) => absent.includes(name));
        return {
          contents: missing.length > 0 ? skipAll(missing.join(" and ")) : contents,
          loader: path.endsWith("x") ? "tsx" : "ts",
        };
      });
    },
  });
}

function skipAll(missing: string): string {
  const told = JSON.stringify(`SKIPPED: all tests of this file, for there is no ${missing} here`);
  return `import { test } from "bun:test"; console.warn(${told}); test.skip("all", () => undefined);`;
}
