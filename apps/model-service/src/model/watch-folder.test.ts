import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTRACT } from "@hookline/lib-ml";
import { createLog } from "../log.ts";
import { Answer } from "../schemas.ts";
import { createTestApp } from "../testing/create-test-app.ts";
import { buildWarmUp } from "../warm-up.ts";
import { loadModel } from "./load-model.ts";
import { Slot } from "./slot.ts";
import { readMarks, type Watch, watchFolder } from "./watch-folder.ts";

const TESTDATA = join(import.meta.dirname, "../../testdata");
const POLL_MS = 10;
let root: string;
let folder: string;
let watch: Watch | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "watch-"));
  folder = join(root, "model");
  cpSync(join(TESTDATA, "linear"), folder, { recursive: true });
});
afterEach(async () => {
  await watch?.stop();
  rmSync(root, { recursive: true });
});

/** Serves the folder as the server does; `loaded` is called when the first model is. */
async function serve(loaded = () => {}) {
  const lines: string[] = [];
  const log = createLog({ level: "info", sink: (text) => lines.push(text) > 0 });
  const load = () => loadModel(folder, { contract: CONTRACT, warmUp: buildWarmUp() });
  const marks = await readMarks(folder);
  const slot = new Slot(await load());
  loaded();
  const app = createTestApp({ slot });
  watch = watchFolder({ folder, pollMs: POLL_MS, marks, load, slot, metrics: app.metrics, log });
  const readLog = () => {
    log.flush();
    return lines.join("");
  };
  return { ...app, readLog };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const swaps = (outcome: string) => `model_swaps_total{outcome="${outcome}"}`;

describe("watchFolder()", () => {
  test("swaps a new model in under load without losing a request", async () => {
    const { slot, post, readMetric } = await serve();
    const seen = new Set<string>();
    let requests = 0;
    const ask = async () => {
      const response = await post("/predict", { url: `host-${requests++}.example` });
      expect(response.status).toBe(200);
      seen.add(Answer.parse(await response.json()).model.name);
    };
    const load = (async () => {
      while (!seen.has("wide-bag")) {
        await Promise.all(Array.from({ length: 50 }, ask));
      }
    })();
    renameSync(folder, join(root, "old"));
    cpSync(join(TESTDATA, "wide-bag"), folder, { recursive: true });
    await load;
    expect([...seen]).toEqual(["linear", "wide-bag"]);
    expect(slot.current?.label).toBe("v2");
    expect(await readMetric(swaps("loaded"))).toBe(1);
    const explained = await post("/predict?explain=true", { url: "a.example" });
    expect(Answer.parse(await explained.json()).explanation?.method).toBe("occlusion");
  }, 120_000);

  test.each<[string, () => void, string]>([
    ["truncated", () => writeFileSync(join(folder, "model.onnx"), "x"), "WRONG_SIZE"],
    ["without a card", () => rmSync(join(folder, "card.json")), "MISSING"],
    ["that is gone", () => rmSync(folder, { recursive: true }), "MISSING"],
    ["whose card is broken", () => writeFileSync(join(folder, "card.json"), "{}"), "BAD_CARD"],
  ])(
    "keeps the old model for one %s, says so once, and takes the next good one",
    async (...row) => {
      const [, spoil, code] = row;
      const { slot, post, readMetric, readLog } = await serve();
      spoil();
      await until(async () => (await readMetric(swaps("refused"))) === 1);
      expect(readLog()).toContain(`"event":"model-refused","code":"${code}"`);
      expect(slot.current?.card.name).toBe("linear");
      expect((await post("/predict", { url: "a.example" })).status).toBe(200);
      cpSync(join(TESTDATA, "wide-bag"), folder, { recursive: true });
      await until(() => slot.current?.card.name === "wide-bag");
      expect(await readMetric(swaps("refused"))).toBe(1);
      expect((await post("/predict", { url: "a.example" })).status).toBe(200);
    },
    120_000,
  );

  test("takes the model that was put in place while the first was loaded", async () => {
    const { slot } = await serve(() => {
      rmSync(folder, { recursive: true });
      cpSync(join(TESTDATA, "wide-bag"), folder, { recursive: true });
    });
    await until(() => slot.current?.card.name === "wide-bag");
  });

  test("tries a change once, when two looks saw the same", async () => {
    const marks = ["b", "c", "c", "c", "c", "d", "d", "d", "a", "a"];
    const tried: number[] = [];
    let look = 0;
    const { metrics } = createTestApp();
    watch = watchFolder({
      folder,
      pollMs: 1,
      marks: "a",
      metrics,
      slot: new Slot(),
      log: createLog({ level: "error", sink: () => true }),
      readMarks: async () => marks[look++] ?? "a",
      load: async () => {
        tried.push(look - 1);
        throw new Error("broken");
      },
    });
    await until(() => look > marks.length + 3);
    expect(tried).toEqual([2, 6, 9]);
  });
});
