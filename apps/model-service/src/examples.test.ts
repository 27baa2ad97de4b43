import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { CONTRACT } from "@hookline/lib-ml";
import { createBrandRule } from "./brand-rule.ts";
import { readConfig } from "./config.ts";
import { EXAMPLES } from "./examples.ts";
import { loadModel } from "./model/load-model.ts";
import { createTestApp } from "./testing/create-test-app.ts";
import { buildWarmUp } from "./warm-up.ts";

const ALL = Object.entries(EXAMPLES).flatMap(([endpoint, examples]) =>
  Object.entries(examples).map(([name, example]) => ({ endpoint, name, ...example })),
);

/** What an answer must be for an example: its figures to three digits, and any version and revision. */
function liken(example: unknown): unknown {
  return JSON.parse(JSON.stringify(example), (name, member) => {
    if (name === "revision" || name === "version") return expect.any(String);
    if (typeof member !== "number" || member === 0) return member;
    return expect.closeTo(member, 2 - Math.floor(Math.log10(Math.abs(member))));
  });
}

describe("EXAMPLES", () => {
  let ask: ReturnType<typeof createTestApp>["app"]["request"];
  beforeAll(async () => {
    const config = readConfig({});
    const folder = join(import.meta.dirname, "../models/v1");
    const model = await loadModel(folder, { contract: CONTRACT, warmUp: buildWarmUp() });
    ask = createTestApp({ model, findBrand: await createBrandRule(config) }).app.request;
  });

  test.each(ALL)("$endpoint answers the example $name so", async (example) => {
    const { endpoint, query = "", type = "application/json", body, status = 200 } = example;
    const [method = "", path = ""] = endpoint.split(" ");
    const sent = { headers: { "content-type": type }, body: JSON.stringify(body) };
    const response = await ask(path + query, { method, ...(body === undefined ? {} : sent) });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toStartWith(type);
    expect(await response.json()).toEqual(liken(example.answer));
  });
});
