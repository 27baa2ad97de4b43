import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type RunningCluster, startCluster } from "./up.ts";

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

let cluster: RunningCluster;
beforeAll(async () => {
  const programsDir = join(ROOT, "apps");
  const modelDir = join(programsDir, "model-service/models/v1");
  cluster = await startCluster({ port: 0, programsDir, modelDir, variant: "v1", log: () => {} });
}, 30_000);
afterAll(() => cluster.stop());

test("the README shows three commands", () => {
  expect(readCommands()).toHaveLength(3);
});

test.skipIf(!hasCurl).each(readCommands())("%s", async (command, output) => {
  const child = Bun.spawn(["sh", "-c", command.replaceAll(SHOWN_AT, cluster.url)]);
  expect(abridge(await child.stdout.text())).toBe(output);
});
