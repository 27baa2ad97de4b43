import { expect, test } from "bun:test";
import { resolve } from "node:path";

// A program that writes until no more is taken, tells how much that was, and goes on when it is read.
const WRITER = `
  import { logLine } from ${JSON.stringify(resolve(import.meta.dirname, "log-line.ts"))};
  import { writeOut } from ${JSON.stringify(resolve(import.meta.dirname, "write-out.ts"))};
  const text = "x".repeat(2 ** 20 - 1) + "\\n";
  let taken = 0;
  while (taken < 40 && writeOut(text)) taken++;
  logLine({ event: "lost" });
  logLine({ event: "lost" });
  console.error(taken);
  await Bun.stdin.text();
  while (!writeOut("")) await new Promise(setImmediate);
  logLine({ event: "kept" });
`;

test("logLine() drops what a stalled reader leaves, and tells how much when it is read again", async () => {
  const writer = Bun.spawn([process.execPath, "-e", WRITER], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = await writer.stderr.getReader().read();
  expect(Number(new TextDecoder().decode(said.value))).toBeWithin(8, 12);
  const output = writer.stdout.text();
  writer.stdin.end();
  const lines = (await output).split("\n").filter((line) => line.startsWith("{"));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: "log-dropped", dropped: 2 },
    { event: "kept" },
  ]);
}, 120_000);
