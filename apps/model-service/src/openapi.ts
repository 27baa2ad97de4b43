import { MEANING, type RouteErrorCode, STATUSES } from "./error-meanings.ts";
import { EXAMPLES, type Example } from "./examples.ts";
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
  // What is refused is no example of what to send.
  const sent = listExamples(route, ({ status = 200, body }) => (status === 200 ? body : undefined));
  return {
    operationId: nameOperation(route),
    summary: route.summary,
    // What is undefined is not written.
    description: route.description,
    parameters: route.query && describeQuery(route.query, render),
    requestBody: route.body && {
      required: true,
      content: describeContent(route.body, { render, examples: sent }),
    },
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

interface DescribeContentOptions {
  readonly render: Render;
  readonly examples: readonly Shown[];
}

function describeContent(
  content: Route["answer"],
  { render, examples }: DescribeContentOptions,
): Content {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => {
      const shown = examples.filter((example) => example.type === type);
      const described = { schema: schema === undefined ? { type: "string" } : render(schema) };
      if (shown.length === 0) return [type, described];
      const named = shown.map(({ name, summary, value }) => [name, { summary, value }] as const);
      return [type, { ...described, examples: Object.fromEntries(named) }];
    }),
  );
}

/** One side of an example: what is sent, or what is answered. */
interface Shown {
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly value: unknown;
}

/** What `read` finds in the examples of a route; those where it finds nothing are left out. */
function listExamples(route: Route, read: (example: Example) => unknown): readonly Shown[] {
  return Object.entries(EXAMPLES[`${route.method} ${route.path}`] ?? {}).flatMap(
    ([name, example]) => {
      const value = read(example);
      const { summary, type = "application/json" } = example;
      return value === undefined ? [] : [{ name, type, summary, value }];
    },
  );
}

interface Response {
  readonly description: string;
  readonly headers: object;
  readonly content: Content;
}

interface Media {
  readonly schema: unknown;
  readonly examples?: Readonly<
    Record<string, { readonly summary: string; readonly value: unknown }>
  >;
}

/** What is sent or answered, by media type. */
export type Content = Readonly<Record<string, Media>>;

function describeResponses(route: Route, render: Render) {
  const answered = (wanted: number) =>
    listExamples(route, ({ status = 200, answer }) => (status === wanted ? answer : undefined));
  const responses: Record<string, Response> = {
    200: {
      description: "The answer",
      headers: REQUEST_ID,
      content: describeContent(route.answer, { render, examples: answered(200) }),
    },
  };
  const codes: RouteErrorCode[] = [
    ...(route.body || route.query ? (["MALFORMED"] as const) : []),
    ...(route.errors ?? []),
    "INTERNAL",
  ];
  for (const status of new Set(codes.map((code) => STATUSES[code]))) {
    const meanings = codes.filter((code) => STATUSES[code] === status);
    responses[status] = {
      description: meanings.map((code) => `${code}: ${MEANING[code]}`).join("; "),
      headers: status === 503 ? { ...REQUEST_ID, ...RETRY_AFTER } : REQUEST_ID,
      content: describeContent(
        { "application/json": ErrorBody },
        { render, examples: answered(status) },
      ),
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
