import { z } from "zod";
import type { Decision, Forward, HeaderOps, MeshRequest, Router } from "../types.ts";
import type { RawRequest, RawResponse } from "./raw-http.ts";

const Echo = z.object({
  name: z.string(),
  path: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});

type Headers = readonly (readonly [name: string, value: string])[];

/** What of a request and its answer can be seen from outside. */
interface Fate {
  readonly status: number;
  readonly cluster?: string;
  readonly path?: string;
  readonly authority?: string;
  readonly asked?: Record<string, string[]>;
  readonly answered: Record<string, string[]>;
  readonly location?: string;
  readonly body?: string;
}

/** Headers that the routes of the tests touch. */
const CORS = ["allow-origin", "allow-credentials", "allow-methods", "allow-headers", "max-age"];
const WATCHED = [
  ...CORS.map((name) => `access-control-${name}`),
  "access-control-expose-headers",
  "x-set",
  "x-add",
  "x-both",
  "x-gone",
  "x-user",
  "x-one",
  "x-two",
  "set-cookie",
];

/** Compares what Envoy answered with every outcome that the router allows. */
export function compareAnswer(router: Router, request: RawRequest, response: RawResponse) {
  const found = readFate(response);
  const { outcomes } = router.explain(readRequest(request));
  const expected = outcomes.map(({ decision }) => predict(decision, request));
  const same = expected.some((one) => Bun.deepEquals(one, found));
  const cluster = found.cluster ?? String(found.status);
  return { cluster, difference: same ? undefined : { request, found, expected } };
}

function readRequest({ method, path, authority, headers }: RawRequest): MeshRequest {
  return {
    method,
    path,
    authority,
    scheme: "http",
    clientAddress: "127.0.0.1",
    header: (name) => {
      const values = headers.filter(([key]) => key === name).map(([, value]) => value);
      return values.length === 0 ? undefined : values.join(",");
    },
  };
}

function readFate({ status, headers, body }: RawResponse): Fate {
  const answered = watch(headers);
  const location = headers.find(([name]) => name === "location")?.[1];
  if (location !== undefined) return { status, answered, location };
  if (status !== 200 || body === "") {
    return { status, answered, body: status === 418 ? body : "" };
  }
  const echo = Echo.parse(JSON.parse(body));
  return {
    status,
    cluster: echo.name,
    path: echo.path,
    authority: echo.headers.find(([name]) => name === "host")?.[1] ?? "",
    asked: watch(echo.headers),
    answered,
  };
}

function predict(decision: Decision, request: RawRequest): Fate {
  switch (decision.kind) {
    case "forward":
      return predictForward(decision, request);
    case "redirect":
      return {
        status: decision.status,
        answered: watch(apply([], decision.response)),
        location: decision.location,
      };
    case "direct":
      return {
        status: decision.status,
        answered: watch(apply([], decision.response)),
        body: decision.body ?? "",
      };
    default:
      return { status: decision.status, answered: {}, body: "" };
  }
}

function predictForward(decision: Forward, request: RawRequest): Fate {
  const { destination, rewrite } = decision;
  const own = [
    ["x-one", "theirs"],
    ["x-two", "theirs"],
    ["set-cookie", "own=1"],
  ] as const;
  return {
    status: 200,
    cluster: `outbound|${destination.port}|${destination.subset ?? ""}|${destination.fqdn}`,
    path: rewrite?.path ?? request.path,
    authority: rewrite?.authority ?? request.authority,
    asked: watch(apply(request.headers, decision.request)),
    answered: watch([...apply(own, decision.response), ...listCors(decision)]),
  };
}

/** What a proxy adds for a page of another origin. */
function listCors({ cors }: Forward): Headers {
  if (cors === undefined) return [];
  const exposed = cors.exposeHeaders.join(",");
  return [
    ["access-control-allow-origin", cors.origin],
    ...(cors.allowCredentials === true
      ? [["access-control-allow-credentials", "true"] as const]
      : []),
    ...(exposed === "" ? [] : [["access-control-expose-headers", exposed] as const]),
  ];
}

function apply(headers: Headers, { remove, set, add }: HeaderOps): Headers {
  const gone = new Set([...remove, ...set.map(([name]) => name)]);
  return [...headers.filter(([name]) => !gone.has(name)), ...set, ...add];
}

function watch(headers: Headers): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const name of WATCHED) {
    const found = headers.filter(([key]) => key === name).map(([, value]) => value);
    if (found.length > 0) values[name] = found;
  }
  return values;
}
