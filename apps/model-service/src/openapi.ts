import { STATUS } from "@hookline/http-service";
import { MEANING, type RouteErrorCode } from "./error-meanings.ts";
import type { Route } from "./routes/route.ts";
import { ErrorBody } from "./schemas.ts";
import { z } from "./zod.ts";

interface BuildDocumentOptions {
  readonly routes: readonly Route[];
  readonly version: string;
}

/** Gives the JSON Schema of a zod schema; named ones as a reference into the document. */
type Render = (schema: z.core.$ZodType) => unknown;

/** The OpenAPI 3.1 document of the routes: paths from their table, schemas from what they parse with. */
export function buildDocument({ routes, version }: BuildDocumentOptions) {
  const schemas: Record<string, unknown> = {};
  const render: Render = (schema) => {
    const text = JSON.stringify(z.toJSONSchema(schema)).replaceAll(
      '"#/$defs/',
      '"#/components/schemas/',
    );
    const { $schema: _, $defs, ...rest } = JSON.parse(text);
    Object.assign(schemas, $defs);
    return rest;
  };
  const paths: Record<string, Record<string, ReturnType<typeof describe>>> = {};
  for (const route of routes) {
    const operation = describe(route, render);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Hookline model service",
      version,
      description: "Tells whether a URL is phishing, how sure the model is, and why.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: { schemas },
  };
}

function describe(route: Route, render: Render) {
  return {
    operationId: nameOperation(route),
    summary: route.summary,
    // What is undefined is not written.
    description: route.description,
    parameters: route.query && describeQuery(route.query, render),
    requestBody: route.body && { required: true, content: describeContent(route.body, render) },
    responses: describeResponses(route, render),
  };
}

function nameOperation({ method, path }: Route): string {
  const words = path.split(/[^a-z]+/).filter((word) => word !== "");
  return [method.toLowerCase(), ...words].join("-");
}

function describeQuery(query: z.ZodMiniObject, render: Render) {
  return Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: render(schema),
  }));
}

function describeContent(content: Route["answer"], render: Render): Content {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      { schema: schema === undefined ? { type: "string" } : render(schema) },
    ]),
  );
}

interface Response {
  readonly description: string;
  readonly headers: object;
  readonly content: Content;
}

type Content = Readonly<Record<string, { readonly schema: unknown }>>;

function describeResponses(route: Route, render: Render) {
  const responses: Record<string, Response> = {
    200: {
      description: "The answer",
      headers: REQUEST_ID,
      content: describeContent(route.answer, render),
    },
  };
  const codes: RouteErrorCode[] = [
    ...(route.body || route.query ? (["MALFORMED"] as const) : []),
    ...(route.errors ?? []),
    "INTERNAL",
  ];
  for (const status of new Set(codes.map((code) => STATUS[code]))) {
    const meanings = codes.filter((code) => STATUS[code] === status);
    responses[status] = {
      description: meanings.map((code) => `${code}: ${MEANING[code]}`).join("; "),
      headers: status === 503 ? { ...REQUEST_ID, ...RETRY_AFTER } : REQUEST_ID,
      content: describeContent({ "application/json": ErrorBody }, render),
    };
  }
  return responses;
}

const REQUEST_ID = {
  "x-request-id": { description: "As sent, or a new one", schema: { type: "string" } },
};
const RETRY_AFTER = {
  "retry-after": { description: "Seconds to wait", schema: { type: "string" } },
};
