import { expect, test } from "bun:test";
import { InstalledProgram } from "./installed-program.ts";
import { buildOperatedWorkload } from "./operated-workload.ts";

test("an InstalledProgram tells why it does not run, whatever is thrown", async () => {
  const program = new InstalledProgram("redis", {
    // Nothing can be started with such a name, not even to ask for its version.
    binary: "redis\0",
    createPod: () => {
      throw new Error("too many open files");
    },
  });
  await program.bringIn(buildOperatedWorkload("cache", "ns"), new AbortController().signal);
  expect(program.status()).toEqual({ kind: "failed", why: "too many open files" });
});
