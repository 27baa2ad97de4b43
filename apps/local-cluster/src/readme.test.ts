import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { startUp, type Up } from "./testing/up.ts";

// The commands of the root README against the shipped models. Its output leaves the explanation out and
// rounds numbers to four digits, which are the same on every processor.

const ROOT = join(import.meta.dirname, "../../..");
const README = await Bun.file(join(ROOT, "README.md")).text();
const SHOWN_AT = "http://127.0.0.1:8080";

const hasCurl = Bun.which("curl") !== null;
if (!hasCurl) console.warn("SKIPPED: the commands of the README, for there is no curl here");

/** Each command of the console block with the output that follows it. */
function readCommands(): readonly (readonly [command: string, output: string])[] {
  const block = /```console\n([\s\S]*?)```/.exec(README)?.[1] ?? "";
  return block
    .split(/^\$ /m)
    .filter((entry) => entry.includes("curl"))
    .map((entry) => {
      const [command = "", ...output] = entry.trimEnd().split("\n");
      return [command, output.join("\n")] as const;
    });
}

function abridge(answer: string): string {
  return JSON.stringify(JSON.parse(answer), (key, value: unknown) => {
    if (key === "explanation") return undefined;
    return typeof value === "number" ? Number(value.toPrecision(4)) : value;
  });
}

let cluster: Up;
beforeAll(async () => {
  cluster = await startUp(join(import.meta.dirname, "cli.ts"), ["--replicas", "1"]);
  await cluster.untilReady();
}, 120_000);
afterAll(async () => {
  cluster.child.kill("SIGTERM");
  await cluster.child.exited;
});

test("the README shows three commands", () => {
  expect(readCommands()).toHaveLength(3);
});

test.skipIf(!hasCurl).each(readCommands())("%s", async (command, output) => {
  const child = Bun.spawn(["sh", "-c", command.replaceAll(SHOWN_AT, cluster.url)]);
  expect(abridge(await child.stdout.text())).toBe(output);
});
