import type { Mesh, MeshRequest, Source } from "@hookline/mesh";
import * as z from "zod";

/** What the form asks: where would this request go? */
export interface Question {
  /** "gateway", or a workload as "namespace/name". */
  readonly from: string;
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** One header a line, as "name: value". */
  readonly headers: string;
  readonly address: string;
}

export const EMPTY_QUESTION: Question = {
  from: "gateway",
  method: "GET",
  host: "localhost",
  port: 80,
  path: "/",
  headers: "",
  address: "127.0.0.1",
};

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const or = (otherwise: string) => (text: string) => (text.trim() === "" ? otherwise : text.trim());

const Query = z.strictObject({
  from: z.string().max(200).default("").transform(or("gateway")),
  method: z
    .string()
    .max(20)
    .default("")
    .transform(or("GET"))
    .pipe(z.string().regex(TOKEN, "Method: letters only, as GET")),
  host: z.string().max(300).default("").transform(or("localhost")),
  port: z
    .string()
    .default("")
    .transform(or("80"))
    .pipe(z.string().regex(/^\d{1,5}$/, "Port: a number"))
    .transform(Number)
    .pipe(z.number().min(1).max(65_535, "Port: 65535 at most")),
  path: z
    .string()
    .max(4000)
    .default("")
    .transform(or("/"))
    .pipe(z.string().startsWith("/", "Path: must begin with /")),
  headers: z
    .string()
    .max(8000)
    .default("")
    .refine((text) => splitHeaders(text) !== undefined, "Headers: one a line, as name: value"),
  address: z
    .string()
    .max(100)
    .default("")
    .transform(or("127.0.0.1"))
    .pipe(z.union([z.ipv4(), z.ipv6()], "Client address: an IP address")),
});

/** The question of a query; what is wrong with it, in words. */
export function readQuestion(
  query: Readonly<Record<string, string>>,
): { readonly question: Question } | { readonly problem: string } {
  const read = Query.safeParse(query);
  if (read.success) return { question: read.data };
  return { problem: read.error.issues.map(describeIssue).join("; ") };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  return `${issue.keys.join(", ")}: not asked here; ${Object.keys(EMPTY_QUESTION).join(", ")} are`;
}

/** undefined when a line is no header. */
function splitHeaders(text: string): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon < 1 || !TOKEN.test(name)) return undefined;
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : `${known},${value}`);
  }
  return headers;
}

/** The request that the question is about. */
export function buildRequest({
  method,
  host,
  port,
  path,
  headers,
  address,
}: Question): MeshRequest {
  const values = splitHeaders(headers) ?? new Map<string, string>();
  return {
    method,
    authority: host,
    path,
    scheme: "http",
    clientAddress: address,
    port,
    header: (name) => values.get(name),
  };
}

/** Who may send: the gateway and the workloads of the mesh. undefined when there is no such. */
export function findSource(mesh: Mesh, from: string): Source | undefined {
  if (from === "gateway") {
    const gateway = mesh.gateways.find(({ protocol }) => protocol === "HTTP");
    if (gateway === undefined) return undefined;
    const { selector, namespace, port } = gateway;
    return { kind: "gateway", labels: selector, namespace, port };
  }
  const found = mesh.workloads.find(({ namespace, name }) => `${namespace}/${name}` === from);
  if (found === undefined) return undefined;
  const { labels, namespace, serviceAccount } = found;
  return { kind: "workload", labels, namespace, serviceAccount };
}
