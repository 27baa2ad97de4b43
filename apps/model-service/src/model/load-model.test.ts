import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTRACT } from "@hookline/lib-ml";
import { buildWarmUp } from "../warm-up.ts";
import { loadModel } from "./load-model.ts";
import { ModelError } from "./model-error.ts";

const TESTDATA = join(import.meta.dirname, "../../testdata");
const OPTIONS = { contract: CONTRACT, warmUp: buildWarmUp() };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "model-"));
  cpSync(join(TESTDATA, "linear"), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function editCard(change: object): void {
  const card = JSON.parse(readFileSync(join(folder, "card.json"), "utf8"));
  writeFileSync(join(folder, "card.json"), JSON.stringify({ ...card, ...change }));
}

/** Puts other bytes in place, with a card that fits them. */
function putModel(bytes: Uint8Array): void {
  writeFileSync(join(folder, "model.onnx"), bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  editCard({ bytes: bytes.length, sha256 });
}

async function readError(): Promise<ModelError> {
  try {
    await loadModel(folder, OPTIONS);
  } catch (error) {
    if (error instanceof ModelError) {
      return error;
    }
    throw error;
  }
  throw new Error("Cannot read an error: the model was loaded");
}

/** The bytes of the model with one ASCII name replaced by another of the same length. */
function rename(from: string, to: string): Uint8Array {
  const bytes = readFileSync(join(folder, "model.onnx"));
  return Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
}

describe("loadModel()", () => {
  test.each(["linear", "wide-bag"] as const)("loads and warms up a %s model", async (kind) => {
    const model = await loadModel(join(TESTDATA, kind), OPTIONS);
    expect(model.card.name).toBe(kind);
    expect(model.label).toBe(kind === "linear" ? "v1" : "v2");
    const { probability } = await model.run(buildWarmUp());
    expect(probability).toHaveLength(buildWarmUp().length);
    await model.release();
  });

  test("takes the label that it is given", async () => {
    const model = await loadModel(folder, { ...OPTIONS, label: "shadow" });
    expect(model.label).toBe("shadow");
    await model.release();
  });

  test.each<[string, () => void, ModelError["code"], string]>([
    ["a missing folder", () => rmSync(join(folder, "card.json")), "MISSING", "card.json"],
    ["a missing model", () => rmSync(join(folder, "model.onnx")), "MISSING", "model.onnx"],
    [
      "a card that is no JSON",
      () => writeFileSync(join(folder, "card.json"), "{"),
      "BAD_CARD",
      "not JSON",
    ],
    ["another format", () => editCard({ format: 2 }), "BAD_CARD", "format"],
    ["a threshold out of range", () => editCard({ threshold: 2 }), "BAD_CARD", "threshold"],
    [
      "a band upside down",
      () => editCard({ unsure: { low: 0.9, high: 0.1 } }),
      "BAD_CARD",
      "low ≤ high",
    ],
    ["a prior of zero", () => editCard({ prior: 0 }), "BAD_CARD", "prior"],
    [
      "another contract",
      () => editCard({ contract: "lib-ml/0" }),
      "OTHER_CONTRACT",
      'trained for "lib-ml/0", this service makes features of "lib-ml/3"',
    ],
    [
      "a truncated model",
      () => writeFileSync(join(folder, "model.onnx"), "short"),
      "WRONG_SIZE",
      "has 5 bytes, its card says 764",
    ],
    [
      "a model of another checksum",
      () => writeFileSync(join(folder, "model.onnx"), new Uint8Array(764)),
      "WRONG_CHECKSUM",
      "SHA-256",
    ],
    [
      "bytes that are no model",
      () => putModel(new TextEncoder().encode("no model")),
      "NOT_LOADABLE",
      "not a model",
    ],
    [
      "a model with other outputs",
      () => putModel(rename("probability", "probabiliti")),
      "WRONG_SIGNATURE",
      'no output "probability"',
    ],
    [
      "a model with other inputs",
      () => putModel(rename("scale", "scala")),
      "WRONG_SIGNATURE",
      'no input "scale"',
    ],
    [
      "a model whose scores are no numbers",
      // The bias, −0.25, is the last thing that is added.
      () => putModel(rename("\x42\x01bJ\x04\x00\x00\x80\xbe", "\x42\x01bJ\x04\x00\x00\xc0\x7f")),
      "WARM_UP_FAILED",
      "it does not score",
    ],
    [
      "a model that fails on our features",
      // It takes ids modulo 61, for a table of 61 rows.
      () => putModel(rename("\x42\x01mJ\x04\x3d", "\x42\x01mJ\x04\x7d")),
      "WARM_UP_FAILED",
      "it does not score",
    ],
  ])("refuses %s", async (_, spoil, code, message) => {
    spoil();
    const error = await readError();
    expect(error.code).toBe(code);
    expect(error.folder).toBe(folder);
    expect(error.message).toContain(message);
  });
});
