import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addImage, startRegistry } from "../testing/registry.ts";
import { readArchive } from "./oci-archive.ts";
import { pullImage } from "./pull-image.ts";
import { parseReference } from "./reference.ts";
import { createRegistry } from "./registry.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-pull-"));
const server = await startRegistry();
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true });
});

const LAYERS = ["a".repeat(100_000), "b".repeat(30_000)].map((text) => Buffer.from(text));
const digest = addImage(server, {
  repository: "some/thing",
  tag: "1.0",
  arches: ["amd64", "arm64"],
  layers: LAYERS,
});
const name = `${server.host}/some/thing:1.0`;

let number = 0;
let place = "";
let blobs = "";
beforeEach(() => {
  number += 1;
  place = join(folder, `${number}`, "image.tar");
  blobs = join(folder, `${number}`, "blobs");
  server.requests.length = 0;
  Object.assign(server.faults, { manifests: [], cuts: [], expired: false, denied: false });
});

interface Asked {
  readonly reference?: string;
  readonly arch?: string;
  readonly signal?: AbortSignal;
  readonly told?: string[];
}

function pull({ reference = name, arch = "arm64", signal, told = [] }: Asked = {}) {
  const options = { pauseMs: 1, attempts: 4, signal, onAgain: (text: string) => told.push(text) };
  return pullImage(parseReference(reference), {
    ...options,
    registry: createRegistry(options),
    arch,
    file: place,
    blobs,
  });
}

const sumOf = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** Cuts the next answer for the first layer off when so many bytes of it are on disk. */
function cut(after: number, inAll = after) {
  const [layer = Buffer.alloc(0)] = LAYERS;
  const part = join(blobs, `${sumOf(layer)}.part`);
  const until = async () => {
    while (!existsSync(part) || statSync(part).size < inAll) await Bun.sleep(1);
  };
  server.faults.cuts.push({ digest: `sha256:${sumOf(layer)}`, after, until });
}

const count = (start: string) => server.requests.filter((one) => one.startsWith(start)).length;

describe("pullImage()", () => {
  test.each([
    ["by tag", name],
    ["by digest", `${name}@${digest}`],
  ])("writes an archive of one architecture, %s", async (_, reference) => {
    expect(await pull({ reference })).toEqual({ digest, isNew: true });
    expect(await readArchive(place)).toEqual({ name, digest });
    // The index byte for byte, one manifest of the two, its configuration and its layers.
    const list = Bun.spawnSync(["tar", "-tf", place]).stdout.toString().trim().split("\n");
    expect(list.slice(0, 3)).toEqual([
      "oci-layout",
      "index.json",
      `blobs/${digest.replace(":", "/")}`,
    ]);
    expect(list).toHaveLength(2 + 1 + 1 + 1 + LAYERS.length);
    expect(existsSync(blobs)).toBe(false);
    expect(readdirSync(join(place, ".."))).toEqual(["image.tar"]);
  });

  test("asks for one token, and shows it to the registry alone", async () => {
    await pull();
    expect(server.requests.filter((one) => one.startsWith("token"))).toEqual([
      "token repository:some/thing:pull for here",
    ]);
    // The store refuses whoever shows a token.
    expect(count("store")).toBe(1 + LAYERS.length);
  });

  test("is the same bytes whenever it is written", async () => {
    await pull();
    const first = readFileSync(place);
    rmSync(place);
    await pull();
    expect(readFileSync(place).equals(first)).toBe(true);
  });

  test("asks for nothing when the archive is whole", async () => {
    await pull();
    server.requests.length = 0;
    expect(await pull({ reference: `${name}@${digest}` })).toEqual({ digest, isNew: false });
    expect(server.requests).toEqual([]);
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["of which a byte was changed", (bytes) => bytes.fill("c", 100_000, 100_001)],
    ["that was cut off", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["that somebody else wrote", () => Buffer.from("no tar")],
  ])("pulls an archive anew %s", async (_, damage) => {
    await pull();
    const whole = readFileSync(place);
    writeFileSync(place, damage(Buffer.from(whole)));
    expect((await pull()).isNew).toBe(true);
    expect(readFileSync(place).equals(whole)).toBe(true);
  });

  test("keeps what a tag named then, and pulls anew for another digest", async () => {
    const moved = { repository: "some/moved", tag: "1.0", arches: ["arm64"] };
    const reference = `${server.host}/some/moved:1.0`;
    const first = addImage(server, { ...moved, layers: [Buffer.from("then")] });
    await pull({ reference });
    const second = addImage(server, { ...moved, layers: [Buffer.from("now")] });
    expect(await pull({ reference })).toEqual({ digest: first, isNew: false });
    const pinned = `${reference}@${second}`;
    expect(await pull({ reference: pinned })).toEqual({ digest: second, isNew: true });
  });

  test("goes on in the middle of a layer that was cut off", async () => {
    const told: string[] = [];
    cut(40_000);
    cut(20_000, 60_000);
    expect(await pull({ told })).toEqual({ digest, isNew: true });
    const ranges = server.requests.flatMap((one) => /^store.* (bytes=.*)$/.exec(one)?.[1] ?? []);
    expect(ranges).toEqual(["bytes=40000-", "bytes=60000-"]);
    expect(told).toHaveLength(2);
  });

  test("goes on in a later run where one was stopped", async () => {
    const stop = new AbortController();
    cut(40_000);
    const told = { push: () => stop.abort() };
    const options = { pauseMs: 10_000, signal: stop.signal, onAgain: told.push };
    const first = pullImage(parseReference(name), {
      ...options,
      registry: createRegistry(options),
      arch: "arm64",
      file: place,
      blobs,
    });
    await expect(first).rejects.toMatchObject({ code: "STOPPED" });
    expect(existsSync(place)).toBe(false);
    server.requests.length = 0;
    expect((await pull()).isNew).toBe(true);
    expect(server.requests.some((one) => one.endsWith("bytes=40000-"))).toBe(true);
    // The configuration was whole.
    expect(count("store")).toBe(LAYERS.length);
  });

  test("waits as long as the registry asks for, and comes back", async () => {
    const told: string[] = [];
    server.faults.manifests = [
      new Response("later", { status: 429, headers: { "retry-after": "0" } }),
      new Response("ill", { status: 503 }),
    ];
    expect((await pull({ told })).isNew).toBe(true);
    expect(told).toEqual(["HTTP 429; once more in 0 s", "HTTP 503; once more in 1 s"]);
  });

  test("fetches a new token when the old one is no longer believed", async () => {
    const registry = createRegistry({ pauseMs: 1 });
    const image = parseReference(name);
    await registry.readManifest(image, "1.0");
    server.faults.expired = true;
    server.requests.length = 0;
    expect((await registry.readManifest(image, digest)).digest).toBe(digest);
    expect(count("token")).toBe(1);
  });

  test("gives up on a registry that stays ill", async () => {
    server.faults.manifests = Array.from({ length: 4 }, () => new Response("", { status: 500 }));
    await expect(pull()).rejects.toMatchObject({
      code: "DOWNLOAD",
      message: expect.stringMatching(/HTTP 500/),
    });
    expect(existsSync(place)).toBe(false);
  });

  test.each([
    ["what is not there", { reference: `${server.host}/some/thing:9.9` }, "NOT_FOUND", /HTTP 404/],
    ["an architecture that it is not for", { arch: "s390x" }, "DOWNLOAD", /only for .*amd64/],
    [
      "a digest that nobody has",
      { reference: `${name}@sha256:${"0".repeat(64)}` },
      "NOT_FOUND",
      /404/,
    ],
  ])("refuses %s, without asking twice", async (_, asked, code, message) => {
    await expect(pull(asked)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(existsSync(place)).toBe(false);
  });

  test("tells who gets no token from what is not there", async () => {
    server.faults.denied = true;
    await expect(pull()).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(/HTTP 403/),
    });
  });
});

describe("pullImage() refuses other bytes than the digest names", () => {
  const repository = "some/tampered";
  const tampered = addImage(server, {
    repository,
    tag: "1.0",
    arches: ["arm64"],
    layers: [Buffer.from("layer of tampered")],
  });
  const reference = `${server.host}/${repository}:1.0`;
  const blob = `sha256:${sumOf(Buffer.from("layer of tampered"))}`;

  test("for a layer", async () => {
    server.tamper(blob, Buffer.from("something else"));
    await expect(pull({ reference })).rejects.toMatchObject({ code: "CHECKSUM" });
    expect(existsSync(place)).toBe(false);
  });

  test("for a layer that is longer than it is said to be, without taking it all", async () => {
    server.tamper(blob, Buffer.alloc(1_000_000));
    await expect(pull({ reference })).rejects.toMatchObject({
      message: expect.stringMatching(/more than its 17 bytes$/),
    });
    expect(statSync(join(blobs, `${blob.slice("sha256:".length)}.part`)).size).toBeLessThan(18);
  });

  test("for an index longer than any", async () => {
    server.tamper(`${repository}/${tampered}`, Buffer.alloc(5_000_000));
    await expect(pull({ reference: `${reference}@${tampered}` })).rejects.toMatchObject({
      message: expect.stringMatching(/more than 4194304 bytes$/),
    });
  });

  test("for an index", async () => {
    server.tamper(`${repository}/${tampered}`, Buffer.from("{}"));
    const call = pull({ reference: `${reference}@${tampered}` });
    await expect(call).rejects.toMatchObject({
      code: "CHECKSUM",
      message: expect.stringMatching(/not sha256:/),
    });
  });
});

test("an image without an index is taken if it is for the architecture, else refused", async () => {
  const repository = "some/single";
  const [layer] = LAYERS;
  const config = { architecture: "arm64", os: "linux" };
  const descriptor = server.addManifest(
    repository,
    {
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      config: server.addBlob(Buffer.from(JSON.stringify(config)), "application/json"),
      layers: [server.addBlob(layer ?? Buffer.alloc(0), "application/gzip")],
    },
    "1",
  );
  const reference = `${server.host}/${repository}:1`;
  await expect(pull({ reference, arch: "amd64" })).rejects.toMatchObject({
    message: expect.stringMatching(/is for linux\/arm64, not linux\/amd64/),
  });
  expect(await pull({ reference })).toEqual({ digest: descriptor.digest, isNew: true });
});
