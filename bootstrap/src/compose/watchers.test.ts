import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readCompose } from "./read-compose.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const LONG = 240_000;
const TOOLS = [
  "unshare",
  "ip",
  "prometheus",
  "prometheus-alertmanager",
  "redis-server",
  "redis-cli",
];
const missing = TOOLS.filter((tool) => Bun.which(tool) === null);
if (process.getuid?.() !== 0) missing.push("root");
if (missing.length > 0) {
  console.warn(`bootstrap/src/compose: what watches is not run, missing: ${missing.join(", ")}`);
}

const folder = mkdtempSync(join(tmpdir(), "hookline-compose-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { services } = readCompose(ROOT);

/** A network and a list of hosts of their own: each service has its name, and its port is free. */
async function runApart(hosts: ReadonlyMap<string, string>, command: readonly string[]) {
  const file = join(folder, "hosts");
  writeFileSync(file, [...hosts].map(([name, address]) => `${address} ${name}\n`).join(""));
  const script = 'mount --bind "$0" /etc/hosts && ip link set lo up && exec "$@"';
  const words = ["unshare", "--mount", "--net", "--fork", "--kill-child", "sh", "-c", script, file];
  const child = Bun.spawn([...words, ...command], { stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, output, errors };
}

const Found = z.object({
  up: z.number(),
  ill: z.number(),
  evaluated: z.number(),
  managers: z.number(),
  mail: z.string(),
});

describe.skipIf(missing.length > 0)(
  "with Debian's programs, and the files and flags of compose.yaml",
  () => {
    test(
      "Prometheus reads all, judges every rule, and an alert reaches the mailbox",
      async () => {
        const names = Object.keys(services).filter((name) => name !== "prometheus");
        const hosts = new Map(names.map((name, index) => [name, `127.0.1.${index + 1}`]));
        const program = join(import.meta.dirname, "run-watchers.ts");
        const words = [process.execPath, program, JSON.stringify(Object.fromEntries(hosts))];
        const { code, output, errors } = await runApart(hosts, words);
        expect([code, errors]).toEqual([0, ""]);
        const found = Found.parse(JSON.parse(output));
        const rules = readFileSync(join(ROOT, "compose/prometheus/rules.yaml"), "utf8");
        const declared = rules.match(/^ +- (?:alert|record):/gm)?.length ?? 0;
        // The six programs and Prometheus itself.
        expect(found).toMatchObject({ up: 7, ill: 0, evaluated: declared, managers: 1 });
        expect(declared).toBeGreaterThan(10);
        expect(found.mail).toContain("To: operator@hookline.example");
        expect(found.mail).toContain("OfTheTest");
      },
      LONG,
    );

    test(
      "Redis takes the flags, and keeps nothing on disk",
      async () => {
        const [program = "", ...flags] = services["redis"]?.command ?? [];
        const script = `cd ${folder} && ${program} --port 6379 "$@" >/dev/null & until redis-cli ping 2>/dev/null; do sleep 0.1; done
redis-cli config get maxmemory-policy; redis-cli config get save; redis-cli shutdown`;
        const { output } = await runApart(new Map(), ["sh", "-c", script, "sh", ...flags]);
        expect(output).toStartWith("PONG\nmaxmemory-policy\nvolatile-ttl\nsave\n\n");
      },
      LONG,
    );
  },
);
