import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchFiles, finish } from "./commands/download.ts";
import { downloadFile } from "./download-file.ts";
import { listK3sFiles, listPackages, parseVersions, readChartFiles } from "./prepared.ts";
import { createReport } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-download-"));
const content = Buffer.from("0123456789".repeat(10_000));
const sha256 = createHash("sha256").update(content).digest("hex");
const ranges: (string | null)[] = [];
const chart = { version: "1.2.3", digest: sha256, urls: ["files/base-1.2.3.tgz"] };

/** `/whole` knows no ranges, `/stalled` says no more after a byte, everything else is as it should be. */
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => {
    const { pathname } = new URL(request.url);
    const range = request.headers.get("range");
    ranges.push(range);
    if (pathname.endsWith("/index.yaml")) return Response.json({ entries: { base: [chart] } });
    if (pathname === "/none") return new Response("no", { status: 404 });
    if (pathname === "/silent") return new Response(new ReadableStream());
    if (pathname === "/stalled") {
      return new Response(new ReadableStream({ start: (c) => c.enqueue(content.subarray(0, 1)) }));
    }
    if (pathname === "/whole") return new Response(content);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    if (from >= content.length) return new Response(null, { status: 416 });
    const part = content.subarray(from);
    return new Response(new Uint8Array(part), { status: range === null ? 200 : 206 });
  },
});
const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
afterAll(() => {
  server.stop(true);
  rmSync(folder, { recursive: true });
});

let number = 0;
function place(part?: Buffer): string {
  const file = join(folder, `${++number}`, "file");
  if (part !== undefined) {
    mkdirSync(join(file, ".."));
    writeFileSync(`${file}.part`, part);
  }
  return file;
}

describe("downloadFile()", () => {
  test.each<[string, string, Buffer | undefined, (string | null)[]]>([
    ["begins", "/file", undefined, [null]],
    ["goes on after a half", "/file", content.subarray(0, 1234), ["bytes=1234-"]],
    [
      "begins anew where the server knows no ranges",
      "/whole",
      content.subarray(0, 9),
      ["bytes=9-"],
    ],
    ["needs no request for a whole part", "/file", content, []],
    [
      "begins anew after the half of another file",
      "/file",
      Buffer.from("else"),
      ["bytes=4-", null],
    ],
    [
      "begins anew after more than the file",
      "/file",
      Buffer.concat([content, content]),
      ["bytes=200000-", null],
    ],
  ])("%s", async (_, path, part, asked) => {
    const file = place(part);
    ranges.length = 0;
    expect(await downloadFile({ url: url(path), sha256, file })).toBe(true);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(ranges).toEqual(asked);
    expect(await downloadFile({ url: url(path), sha256, file })).toBe(false);
    expect(ranges).toEqual(asked);
  });

  test("fetches again what is in its place with another checksum", async () => {
    const file = place();
    mkdirSync(join(file, ".."));
    writeFileSync(file, "tampered");
    expect(await downloadFile({ url: url("/file"), sha256, file })).toBe(true);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  test.each([
    [
      "another checksum than the pinned",
      "/file",
      "0".repeat(64),
      "CHECKSUM",
      /SHA-256 is [0-9a-f]+, not/,
    ],
    ["what is not there", "/none", sha256, "DOWNLOAD", /HTTP 404/],
    ["a server that says nothing", "/silent", sha256, "DOWNLOAD", /no byte came for/],
    ["a server that says no more", "/stalled", sha256, "DOWNLOAD", /no byte came for/],
  ])("refuses %s, and leaves nothing in its place", async (_, path, sum, code, message) => {
    const file = place();
    const call = downloadFile(
      { url: url(path), sha256: sum, file },
      { idleMs: 300, attempts: 2, pauseMs: 1 },
    );
    await expect(call).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(existsSync(file)).toBe(false);
  });
});

test("a folder is listed with all that is in it: finish() lists all that is in the folder, and the second time downloads nothing", async () => {
  const prepared = join(folder, "prepared");
  mkdirSync(join(prepared, "amd64", "images"), { recursive: true });
  writeFileSync(join(prepared, "amd64", "images", "app.tar"), "ours");
  const charts = await readChartFiles([{ chart: "base", repository: url("/c"), version: "1.2.3" }]);
  const files = [{ url: url("/file"), sha256, file: "amd64/k3s" }, ...charts];
  const told: string[] = [];
  const report = createReport((line) => told.push(line), { json: false });
  for (const _ of [1, 2]) {
    const fill = { folder: prepared, report };
    await finish(fill, await fetchFiles(fill, files));
  }
  expect(told.filter((line) => line.startsWith(prepared))).toEqual([
    `${prepared}: 3 files, 2 new`,
    `${prepared}: 3 files, 0 new`,
  ]);
  const check = Bun.spawnSync(["sha256sum", "--check", "SHA256SUMS"], { cwd: prepared });
  expect(check.stdout.toString()).toBe(
    "amd64/images/app.tar: OK\namd64/k3s: OK\ncharts/base-1.2.3.tgz: OK\n",
  );
});

test("finish() counts one file as one", async () => {
  const prepared = join(folder, "prepared-one");
  const told: string[] = [];
  const report = createReport((line) => told.push(line), { json: false });
  const fill = { folder: prepared, report };
  await finish(fill, await fetchFiles(fill, [{ url: url("/file"), sha256, file: "k3s" }]));
  expect(told.at(-1)).toBe(`${prepared}: 1 file, 1 new`);
});

describe("listK3sFiles()", () => {
  const versions = parseVersions(
    "# pinned\nK3S_VERSION=v1.36.4+k3s1\nK3S_SHA256_ARM64='aa'\nK3S_IMAGES_SHA256_ARM64=\"bb\" # why\n",
  );

  test("names the release's files and their places", () => {
    expect(listK3sFiles(versions, ["arm64"], "https://k3s.example")).toEqual([
      { url: "https://k3s.example/v1.36.4%2Bk3s1/k3s-arm64", sha256: "aa", file: "arm64/k3s" },
      {
        url: "https://k3s.example/v1.36.4%2Bk3s1/k3s-airgap-images-arm64.tar.zst",
        sha256: "bb",
        file: "arm64/k3s-airgap-images.tar.zst",
      },
    ]);
  });

  test("refuses an architecture without a pin", () => {
    expect(() => listK3sFiles(versions, ["amd64"])).toThrow(/has no K3S_SHA256_AMD64/);
  });
});

describe("listPackages()", () => {
  const text = readFileSync(join(import.meta.dir, "..", "k3s", "packages.txt"), "utf8");
  const packages = listPackages(text, ["amd64", "arm64"]);

  test("names git of each architecture, in a snapshot", () => {
    const files = packages.map(({ file }) => file);
    for (const arch of ["amd64", "arm64"]) {
      expect(files.filter((file) => file.startsWith(`${arch}/packages/git_`))).toHaveLength(1);
      expect(files.filter((file) => file.startsWith(`${arch}/packages/git-man_`))).toHaveLength(1);
    }
    expect(new Set(files).size).toBe(files.length);
    // Every line is read, and those for all architectures twice.
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const both = lines.filter((line) => line.endsWith("_all.deb"));
    expect(files).toHaveLength(lines.length + both.length);
  });

  test("writes addresses as a URL has them", () => {
    const { url } = packages.find(({ file }) => file.includes("/libexpat1_")) ?? {};
    expect(url).toMatch(
      /^https:\/\/snapshot\.debian\.org\/archive\/debian\/\d{8}T\d{6}Z\/pool\/main\/e\//,
    );
    expect(packages.find(({ file }) => file.includes("/git_"))?.url).toContain("%2Bdeb13u1_");
  });
});

test.each([
  ["has no such version", { chart: "base", repository: "/c", version: "9.9.9" }, /no base 9\.9\.9/],
  [
    "does not answer",
    { chart: "base", repository: "/none", version: "1.2.3" },
    /no index|HTTP 404/,
  ],
])("readChartFiles() refuses a repository that %s", async (_, source, message) => {
  const repository = source.repository === "/none" ? "http://127.0.0.1:1" : url(source.repository);
  const call = readChartFiles([{ ...source, repository }]);
  await expect(call).rejects.toMatchObject({ code: "DOWNLOAD" });
  if (source.repository !== "/none") {
    await expect(call).rejects.toMatchObject({ message: expect.stringMatching(message) });
  }
});
