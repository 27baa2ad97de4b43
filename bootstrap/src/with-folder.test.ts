import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFolder } from "./with-folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hookline-lock-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Another process that works in the folder until it is ended. */
async function startOther(place: string) {
  const code = `const { withFolder } = await import(${JSON.stringify(join(import.meta.dirname, "with-folder.ts"))});
    await withFolder(${JSON.stringify(place)}, async () => { console.log("in it"); await Bun.sleep(60_000); });`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stdin: "ignore" });
  for await (const _ of child.stdout) break;
  return child;
}

test("withFolder() refuses while another process works there, names it, and goes on when it was killed", async () => {
  const place = join(folder, "new", "folder");
  const other = await startOther(place);
  let acted = false;
  const act = async () => {
    acted = true;
    return "done";
  };
  await expect(withFolder(place, act)).rejects.toMatchObject({
    code: "BUSY",
    message: `Cannot download to "${place}": process ${other.pid} does so already`,
  });
  expect(acted).toBe(false);
  other.kill("SIGKILL");
  await other.exited;
  expect(await withFolder(place, act)).toBe("done");
  expect(readdirSync(place).filter((name) => !name.endsWith(".part"))).toEqual([]);
});

test("withFolder() waits as long as it is told to, and no longer", async () => {
  const place = join(folder, "waited");
  const order: string[] = [];
  const go = Promise.withResolvers<void>();
  const first = withFolder(place, async () => {
    await go.promise;
    order.push("first");
  });
  const second = withFolder(place, async () => order.push("second"), { waitMs: 10_000 });
  const third = withFolder(place, async () => order.push("third"), { waitMs: 50 });
  await expect(third).rejects.toMatchObject({ code: "BUSY" });
  go.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "second"]);
});

test("withFolder() says in a sentence why it cannot have the folder to itself", async () => {
  const place = join(folder, "spoilt");
  mkdirSync(join(place, ".download.part"), { recursive: true });
  await expect(withFolder(place, async () => "done")).rejects.toMatchObject({
    code: "SYSTEM",
    message: expect.stringMatching(/^Cannot download to ".+spoilt": \S.+$/),
  });
});

test("withFolder() lets go when what it did failed", async () => {
  const place = join(folder, "failed");
  const failed = withFolder(place, async () => {
    throw new RangeError("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await withFolder(place, async () => "done")).toBe("done");
});
