// Only for tests: four sources on a server of this machine, and runs of `bun run data` on them.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Row, readRows } from "../dataset.ts";
import { SPLITS } from "./build/site.ts";
import { type DownloadLimits, runData } from "./run-data.ts";
import { tarEntry } from "./test-tar.ts";

export const LIMITS: DownloadLimits = {
  attempts: 2,
  maxMs: 20_000,
  idleMs: 5000,
  wait: async () => {},
};
export const BAD = Array.from(
  { length: 900 },
  (_, i) => `https://login-${i}.${["bad", "evil"][i % 2]}-${i % 300}.example/in/${i}`,
);
export const GOOD = Array.from(
  { length: 600 },
  (_, i) => `https://www.shop-${i}.example/about/${i}`,
);
export const HELD = Array.from(
  { length: 200 },
  (_, i) => `https://held-${i}.example/h,${i % 2 ? "phishing" : "fine"}`,
);

export const ARCHIVE = gzipSync(
  Buffer.concat([
    tarEntry("pax_global_header", "52 comment=x\n", "g"),
    tarEntry(
      "repo-abc/docs/a.md",
      GOOD.slice(0, 300)
        .map((url) => `- [x](${url})\n`)
        .join(""),
    ),
    tarEntry("repo-abc/docs/b.md", `see <${GOOD.slice(300).join("> <")}>`),
    tarEntry("repo-abc/other.txt", "https://never.example/"),
    new Uint8Array(1024),
  ]),
);
export const FILES: Record<string, string | Uint8Array> = {
  "/bad.txt": `# a list\n${BAD.join("\n")}\nhttps://bit.ly/x\nnot an address\n`,
  "/good.tar.gz": ARCHIVE,
  "/held.csv": `url,status\n${HELD.join("\n")}\nhttps://login-1.bad-2.example/x,phishing\n`,
  "/top.json": '{"list":["shop-1.example"]}',
};

export function sourcesFor(origin: string, change: Record<string, object> = {}) {
  const common = {
    commit: "a".repeat(40),
    date: "2026-08-22",
    licence: "CC0",
    commercialUse: "yes",
  };
  const labels = { column: "status", phishing: "phishing", legitimate: "fine" };
  return [
    {
      name: "bad",
      label: "phishing",
      role: "train",
      address: `${origin}/bad.txt`,
      extract: { kind: "list" },
    },
    {
      name: "good",
      label: "legitimate",
      role: "train",
      address: `${origin}/good.tar.gz`,
      files: "docs/*.md",
      extract: { kind: "links" },
    },
    {
      name: "held",
      label: "both",
      role: "holdout",
      address: `${origin}/held.csv`,
      extract: { kind: "csv", column: "url", labels },
    },
    {
      name: "top",
      label: "legitimate",
      role: "top-sites",
      address: `${origin}/top.json`,
      extract: { kind: "json", keys: ["list"], bare: true },
    },
  ].map((source) => ({ ...common, ...source, ...change[source.name] }));
}

export function start(files: Record<string, string | Uint8Array> = FILES) {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const body = files[pathname];
      return body === undefined ? new Response("no", { status: 404 }) : new Response(body);
    },
  });
  return {
    asked,
    origin: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** Runs the command in a new folder of `root`. */
export async function run(
  root: string,
  argv: readonly string[],
  sources: object,
  signal = new AbortController().signal,
) {
  const out = mkdtempSync(join(root, "out-"));
  const list = join(out, "my-sources.json");
  writeFileSync(list, JSON.stringify(sources));
  const printed: string[] = [];
  const stdout = { write: (text: string) => printed.push(text) };
  const args = ["--out", out, "--sources", list, ...argv];
  const failed = await runData(args, { fetch, stdout, signal, limits: LIMITS }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { out, failed, printed: printed.join("") };
}

export async function rowsOf(out: string, split: string): Promise<readonly Row[]> {
  return Array.fromAsync(readRows([join(out, `${split}.tsv.gz`)]));
}

export function readSplits(out: string): readonly string[] {
  return SPLITS.map((split) =>
    createHash("sha256")
      .update(readFileSync(join(out, `${split}.tsv.gz`)))
      .digest("hex"),
  );
}
