import { describe, expect, test } from "bun:test";
import * as z from "zod";
import type { ZodMiniType } from "zod/mini";
import {
  Answer,
  BatchAnswer,
  BatchBody,
  ErrorBody,
  Line,
  PredictBody,
  Status,
  VersionAnswer,
} from "./schemas.ts";
import { createTestApp } from "./testing/create-test-app.ts";

const Operation = z.looseObject({
  operationId: z.string(),
  requestBody: z.looseObject({ content: z.unknown() }).optional(),
  responses: z.record(z.string(), z.unknown()),
});
const Document = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.strictObject({
    schemas: z.record(
      z.string(),
      z.looseObject({
        properties: z.record(z.string(), z.unknown()).optional(),
        additionalProperties: z.boolean().optional(),
      }),
    ),
  }),
});

const Examples = z.record(z.string(), z.looseObject({ value: z.unknown() }));
const Exampled = z.looseObject({
  content: z.record(z.string(), z.looseObject({ examples: Examples.optional() })),
});

async function readDocument() {
  const { app } = createTestApp();
  const response = await app.request("/openapi.json");
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  return Document.parse(await response.json());
}

/** Every reference of a JSON value. */
function findReferences(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => String(ref));
}

describe("GET /openapi.json", () => {
  test("names every endpoint, each with its own id", async () => {
    const { openapi, info, paths } = await readDocument();
    expect(openapi).toBe("3.1.0");
    expect(info.version).toBe("9.8.7");
    expect(Object.keys(paths)).toEqual([
      "/predict",
      "/predict/batch",
      "/healthz",
      "/readyz",
      "/version",
      "/openapi.json",
      "/apidocs",
    ]);
    const ids = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every reference leads somewhere", async () => {
    const document = await readDocument();
    const references = findReferences(document);
    expect(references).toContain("#/components/schemas/Answer");
    const names = Object.keys(document.components.schemas);
    for (const reference of references) {
      expect(names).toContain(reference.replace("#/components/schemas/", ""));
    }
  });

  test("its schemas are those that the routes parse with", async () => {
    const { components, paths } = await readDocument();
    const schema = (type: ZodMiniType) => {
      const { $defs } = JSON.parse(JSON.stringify(z.toJSONSchema(type)));
      return $defs;
    };
    expect(components.schemas["PredictRequest"]).toEqual(schema(PredictBody).PredictRequest);
    expect(components.schemas["PredictRequest"]?.additionalProperties).toBe(false);
    expect(Object.keys(components.schemas["Answer"]?.properties ?? {})).toEqual(
      Object.keys(Answer.shape),
    );
    expect(paths["/predict"]?.["post"]?.requestBody?.content).toMatchObject({
      "application/json": { schema: { $ref: "#/components/schemas/PredictRequest" } },
    });
  });

  test("has an example of all that is sent and answered, which its schema takes", async () => {
    const { paths } = await readDocument();
    const { post: one } = paths["/predict"] ?? {};
    const { post: many } = paths["/predict/batch"] ?? {};
    const checked = [
      [one?.requestBody, "application/json", PredictBody],
      [one?.responses["200"], "application/json", Answer],
      [one?.responses["400"], "application/json", ErrorBody],
      [one?.responses["422"], "application/json", ErrorBody],
      [many?.requestBody, "application/json", BatchBody],
      [many?.requestBody, "application/x-ndjson", Line],
      [many?.responses["200"], "application/json", BatchAnswer],
      [many?.responses["200"], "application/x-ndjson", Answer],
      [many?.responses["400"], "application/json", ErrorBody],
      [paths["/healthz"]?.["get"]?.responses["200"], "application/json", Status],
      [paths["/readyz"]?.["get"]?.responses["200"], "application/json", Status],
      [paths["/version"]?.["get"]?.responses["200"], "application/json", VersionAnswer],
    ] as const;
    for (const [at, type, schema] of checked) {
      const { examples } = Exampled.parse(at).content[type] ?? {};
      const values = Object.values(examples ?? {}).map(({ value }) => value);
      expect(values).not.toEqual([]);
      for (const value of values) expect(z.safeParse(schema, value).error).toBeUndefined();
    }
  });

  test("tells the statuses of /predict", async () => {
    const { paths } = await readDocument();
    expect(Object.keys(paths["/predict"]?.["post"]?.responses ?? {})).toEqual([
      "200",
      "400",
      "408",
      "413",
      "415",
      "422",
      "500",
      "503",
    ]);
  });
});

describe("GET /apidocs", () => {
  test("shows every endpoint and every schema, and loads nothing", async () => {
    const { app } = createTestApp();
    const response = await app.request("/apidocs");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const page = await response.text();
    const { paths, components } = await readDocument();
    for (const path of Object.keys(paths)) {
      expect(page).toContain(path);
    }
    expect(page).toContain("<p>Example: A rule finds what imitates a brand</p>");
    expect(page).toContain("{&quot;url&quot;:&quot;example.org/docs&quot;}");
    for (const name of Object.keys(components.schemas)) {
      expect(page).toContain(`id="schema-${name}"`);
    }
    expect(page).not.toMatch(/<script|src=|https?:\/\/(?!paypal-login)|\sstyle=|\son\w+=/);
  });

  test("leads from each use of a schema to the schema", async () => {
    const { app } = createTestApp();
    const page = await (await app.request("/apidocs")).text();
    const targets = [...page.matchAll(/<a href="#([^"]+)">/g)].map(([, id]) => id);
    expect(targets).toContain("schema-Answer");
    for (const id of targets) {
      expect(page).toContain(`id="${id}"`);
    }
    expect(page).not.toContain("$ref");
  });

  test("allows its own style and nothing else", async () => {
    const { app } = createTestApp();
    const response = await app.request("/apidocs");
    const policy = String(response.headers.get("content-security-policy"));
    expect(policy).toStartWith("default-src 'none'; style-src 'sha256-");
    expect(policy).not.toContain("unsafe");
    const style = /<style>([\s\S]*)<\/style>/.exec(await response.text())?.[1] ?? "";
    const digest = new Bun.CryptoHasher("sha256").update(style).digest("base64");
    expect(policy).toContain(`'sha256-${digest}'`);
  });
});
