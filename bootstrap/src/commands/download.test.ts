import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOptions } from "../options.ts";
import { parseReference } from "../registry/reference.ts";
import { createRegistry } from "../registry/registry.ts";
import { createReport } from "../report.ts";
import { addImage, startRegistry } from "../testing/registry.ts";
import { withFolder } from "../with-folder.ts";
import { download, fetchImages, finish } from "./download.ts";

const ROOT = join(import.meta.dir, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "hookline-images-"));
const server = await startRegistry();
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true });
});

const layers = [Buffer.from("a layer")];
const arches = ["amd64", "arm64"];
const digest = addImage(server, { repository: "some/thing", tag: "1.0", arches, layers });
const ours = addImage(server, { repository: "our/app", tag: "0.1.0", arches, layers });
const image = (name: string, archive: string, isOurs: boolean) => ({
  reference: parseReference(`${server.host}/${name}`),
  archive,
  isOurs,
});

let prepared = "";
let told: string[] = [];
let number = 0;
beforeEach(() => {
  number += 1;
  prepared = join(folder, `${number}`);
  told = [];
  server.faults.denied = false;
});
const report = createReport((line) => told.push(line.trim()), { json: false });
const fetchAll = (images: ReturnType<typeof image>[]) =>
  fetchImages({ folder: prepared, report }, images, {
    registry: createRegistry({ attempts: 1 }),
    arch: "amd64",
    blobs: join(prepared, "..", "blobs"),
    attempts: 1,
  });

test("fetchImages() pulls what is missing, ours from the release, and lists it by checksum", async () => {
  const images = [
    image("our/app:0.1.0", "app.tar", true),
    image("some/thing:1.0", "thing.tar", false),
  ];
  const fetched = await fetchAll(images);
  expect(fetched).toEqual(["amd64/images/app.tar", "amd64/images/thing.tar"]);
  expect(told).toEqual([
    `${server.host}/our/app:0.1.0 (1 of 2, amd64): ${ours}`,
    `${server.host}/some/thing:1.0 (2 of 2, amd64): ${digest}`,
  ]);
  expect(await fetchAll(images)).toEqual([]);
  await finish({ folder: prepared, report }, fetched);
  const check = Bun.spawnSync(["sha256sum", "--check", "SHA256SUMS"], { cwd: prepared });
  expect(check.stdout.toString()).toBe("amd64/images/app.tar: OK\namd64/images/thing.tar: OK\n");
});

test.each([
  ["is not there", false],
  ["is nobody's business", true],
])(
  "an image of ours that %s is brought from the control node, another is not",
  async (_, denied) => {
    server.faults.denied = denied;
    expect(await fetchAll([image("our/none:0.1.0", "none.tar", true)])).toEqual([]);
    expect(told.join()).toContain("not released; bootstrap/k3s/host.sh images brings it");
    const call = fetchAll([image("some/none:0.1.0", "none.tar", false)]);
    await expect(call).rejects.toMatchObject({ code: denied ? "FORBIDDEN" : "NOT_FOUND" });
  },
);

test("what host.sh brought stays", async () => {
  const file = join(prepared, "amd64", "images", "app.tar");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "from the control node");
  expect(await fetchAll([image("our/app:0.1.0", "app.tar", true)])).toEqual([]);
  expect(readFileSync(file, "utf8")).toBe("from the control node");
});

test("download refuses a folder that another download fills", async () => {
  const options = parseOptions(["download", "--prepared", prepared], ROOT);
  const connect = () => {
    throw new Error("Expected to need no cluster");
  };
  const second = () => download({ options, root: ROOT, report, connect });
  await expect(withFolder(prepared, second)).rejects.toMatchObject({
    code: "BUSY",
    message: `Cannot download to "${prepared}": process ${process.pid} does so already`,
  });
});
