import { expect, test } from "bun:test";
import { resolve } from "node:path";

// Writes a line, and tells on standard error whether that was taken for the wish to stop.
const WRITER = `
  import { listenForStop } from ${JSON.stringify(resolve(import.meta.dirname, "stop.ts"))};
  const { asked } = listenForStop();
  const { promise, resolve } = Promise.withResolvers();
  process.stdout.on("error", resolve);
  await Bun.stdin.text();
  process.stdout.write("a line\\n");
  await promise;
  console.error(asked.aborted);
`;

test.each([
  ["that nobody reads any more", "pipe", "true"],
  ["on a full disk", Bun.file("/dev/full"), "false"],
] as const)("listenForStop() with an output %s", async (_, stdout, asked) => {
  const command = [process.execPath, "-e", WRITER];
  const child = Bun.spawn(command, { stdin: "pipe", stdout, stderr: "pipe" });
  if (child.stdout instanceof ReadableStream) await child.stdout.cancel();
  child.stdin.end();
  expect((await child.stderr.text()).trim()).toBe(asked);
});
