import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readLines } from "../read-lines.ts";
import { isAlive, until } from "../testing/until.ts";

const ORPHAN = join(import.meta.dirname, "../../testdata/orphan.ts");
const Said = z.object({ pids: z.array(z.number()).min(1), runFolder: z.string() });

test("pods end, and the run's folder goes, when who started them is killed", async () => {
  const parent = Bun.spawn([process.execPath, ORPHAN], { stdout: "pipe" });
  const { promise: line, resolve } = Promise.withResolvers<string>();
  void readLines(parent.stdout, resolve);
  const { pids, runFolder } = Said.parse(JSON.parse(await line));
  expect(pids.every(isAlive)).toBe(true);
  expect(existsSync(runFolder)).toBe(true);
  parent.kill("SIGKILL");
  await until("the pods have ended", () => !pids.some(isAlive));
  await until("the folder has gone", () => !existsSync(runFolder));
}, 120_000);
