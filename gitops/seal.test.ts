import { afterAll, describe, expect, test } from "bun:test";
import { constants, createDecipheriv, privateDecrypt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readHiddenLine } from "./read-hidden-line.ts";
import { TREE } from "./render.ts";
import { renderSealedSecret } from "./seal.ts";
import { runSeal } from "./seal-command.ts";

const absent = Bun.which("openssl") === null;
if (absent) console.warn("gitops/seal.test.ts: openssl is not installed, nothing is sealed");

const folder = mkdtempSync(join(tmpdir(), "hookline-seal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = join(folder, "key.pem");
const certificateFile = join(folder, "certificate.pem");
if (!absent) {
  const request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test";
  Bun.spawnSync(["openssl", ...request.split(" "), "-keyout", keyFile, "-out", certificateFile]);
}

const Sealed = z.object({
  kind: z.literal("SealedSecret"),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({ encryptedData: z.record(z.string(), z.string()) }),
});

/** What the controller does (`singleDecrypt` of sealed-secrets). */
function open(yaml: string, field: string, label: string): string {
  const sealed = Buffer.from(Sealed.parse(parse(yaml)).spec.encryptedData[field] ?? "", "base64");
  const end = 2 + sealed.readUInt16BE();
  const session = privateDecrypt(
    {
      key: readFileSync(keyFile),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: "sha256",
      oaepLabel: Buffer.from(label),
    },
    sealed.subarray(2, end),
  );
  const decipher = createDecipheriv("aes-256-gcm", session, Buffer.alloc(12));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(end, -16)), decipher.final()]).toString();
}

describe.skipIf(absent)("renderSealedSecret()", () => {
  const seal = (value: string) =>
    renderSealedSecret({
      namespace: "hookline",
      name: "smtp",
      values: new Map([["password", Buffer.from(value)]]),
      certificate: readFileSync(certificateFile, "utf8"),
    });

  test.each(["s3cret", "grüße\n", "x".repeat(100_000), ""])(
    "seals what the controller opens",
    (value) => {
      expect(open(seal(value), "password", "hookline/smtp")).toBe(value);
    },
  );

  test("holds nothing of the value, and is another one each time", () => {
    const [first, second] = [seal("s3cret"), seal("s3cret")];
    expect(first).not.toContain("s3cret");
    expect(first).not.toContain(btoa("s3cret"));
    expect(first).not.toBe(second);
  });

  test("opens in its namespace and under its name only", () => {
    expect(() => open(seal("s3cret"), "password", "elsewhere/smtp")).toThrow();
  });

  test.each([
    ["Hookline", "smtp", '"Hookline" is no namespace'],
    ["hookline", "../smtp", '"../smtp" is no name'],
    ["", "smtp", '"" is no namespace'],
  ])("refuses %s/%s", (namespace, name, message) => {
    const certificate = readFileSync(certificateFile, "utf8");
    expect(() => renderSealedSecret({ namespace, name, values: new Map(), certificate })).toThrow(
      message,
    );
  });

  test("refuses a certificate that is not there before it asks for the value", async () => {
    const sealed = runSeal(["hookline/smtp", "password", "--certificate", "/no/such.pem"]);
    await expect(sealed).rejects.toThrow(
      'Cannot seal: --certificate names no file that can be read, "/no/such.pem"',
    );
  });

  test("refuses what is no certificate", () => {
    const options = { namespace: "n", name: "n", values: new Map(), certificate: "none" };
    expect(() => renderSealedSecret(options)).toThrow("the certificate is not one in PEM");
  });

  async function run(args: readonly string[], input: string) {
    const child = Bun.spawn(["bun", "cli.ts", "seal", ...args], {
      cwd: TREE,
      stdin: Buffer.from(input),
      stdout: "pipe",
      stderr: "pipe",
    });
    const output = await new Response(child.stdout).text();
    return { code: await child.exited, output, complaint: await new Response(child.stderr).text() };
  }

  test("the command takes the value from a pipe or from a file", async () => {
    const piped = await run(
      ["hookline/smtp", "password", "--certificate", certificateFile],
      "s3cret\n",
    );
    expect(open(piped.output, "password", "hookline/smtp")).toBe("s3cret");
    const file = join(folder, "value");
    writeFileSync(file, "of a file\n");
    const read = await run(
      ["hookline/smtp", "key", "--certificate", certificateFile, "--file", file],
      "",
    );
    expect(open(read.output, "key", "hookline/smtp")).toBe("of a file\n");
  }, 120_000);

  test("the command asks at a terminal, and does not show what is typed", async () => {
    const screen = new TextDecoder();
    let shown = "";
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    await using terminal = new Bun.Terminal({
      cols: 20_000,
      rows: 50,
      data(one, data) {
        const asked = shown.includes("(not shown): ");
        shown += screen.decode(data, { stream: true });
        if (!asked && shown.includes("(not shown): ")) one.write("s3cret\r");
        if (shown.includes("type: Opaque")) resolve();
      },
    });
    const words = ["hookline/smtp", "password", "--certificate", certificateFile];
    const child = Bun.spawn(["bun", "cli.ts", "seal", ...words], { cwd: TREE, terminal });
    // The last of what it says may be read after its end.
    await ended;
    expect(await child.exited).toBe(0);
    expect(shown).not.toContain("s3cret");
    const yaml = shown.slice(shown.indexOf("\n") + 1).replaceAll("\r", "");
    expect(open(yaml, "password", "hookline/smtp")).toBe("s3cret");
  }, 120_000);

  test.each([
    [["hookline/smtp", "password"], "--controller-namespace sealed-secrets --fetch-cert", 2],
    [
      ["smtp", "password", "--certificate", certificateFile],
      "wished are NAMESPACE/NAME and KEY",
      2,
    ],
    [
      ["hookline/smtp", "password", "--certificate", certificateFile],
      "there is nothing to seal",
      1,
    ],
  ])(
    "the command refuses %p",
    async (args, message, wished) => {
      const { code, output, complaint } = await run(args, "");
      expect([code, output]).toEqual([wished, ""]);
      expect(complaint).toContain(message);
    },
    120_000,
  );
});

describe("readHiddenLine()", () => {
  async function* type(...parts: readonly string[]) {
    for (const part of parts) yield Buffer.from(part);
  }

  test.each([
    ["until Enter", ["s3c", "ret\r", "more"], "s3cret"],
    ["until a line ends", ["s3cret\nmore"], "s3cret"],
    ["without what was taken back", ["s3x\u007fcrea\bt\r"], "s3cret"],
    ["to the end of a pipe", ["s3cret"], "s3cret"],
    ["whole characters", ["grü\r"], "grü"],
  ])("reads %s", async (_, parts, line) => {
    expect(await readHiddenLine(type(...parts))).toBe(line);
  });

  test.each([
    ["Ctrl-C", ["s3c\u0003"], "it was broken off"],
    ["nothing", ["\r"], "there is nothing to seal"],
  ])("throws at %s", async (_, parts, message) => {
    await expect(readHiddenLine(type(...parts))).rejects.toThrow(message);
  });
});
