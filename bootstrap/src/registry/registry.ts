import { createHash } from "node:crypto";
import { z } from "zod";
import { stop } from "../download-file.ts";
import { BootstrapError, type BootstrapErrorCode } from "../errors.ts";
import { type Attempt, type RetryOptions, readFailure, readRefusal, retry } from "../retry.ts";
import { ACCEPT } from "./manifest.ts";
import { type Reference, renderName } from "./reference.ts";

/** A manifest or an index as the registry has it, byte for byte: its digest is its name. */
export interface RawManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly digest: string;
}

/** Reads images by the OCI distribution protocol, as somebody without an account. */
export interface Registry {
  /** By tag or digest. Refuses bytes that have not the digest they were asked for by. */
  readManifest(image: Reference, which: string): Promise<RawManifest>;
  /** The blob from a byte on; the answer is not checked. */
  askBlob(image: Reference, digest: string, range: BlobRange): Promise<Response>;
}

interface BlobRange {
  readonly from: number;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 5;
/** What registries take at least (OCI distribution, "Pushing Manifests"), and large ones at most. */
const MOST_MANIFEST = 4 * 1024 * 1024;
const Token = z
  .looseObject({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token)
  .pipe(z.string());

const CODES: ReadonlyMap<string, BootstrapErrorCode> = new Map([
  ["HTTP 401", "UNAUTHORIZED"],
  ["HTTP 403", "FORBIDDEN"],
  ["HTTP 404", "NOT_FOUND"],
]);

/**
 * A reader of registries. Tokens are kept for each repository and fetched anew when they are
 * refused; a redirect to another host is followed without them.
 */
export function createRegistry(options: RetryOptions = {}): Registry {
  const tokens = new Map<string, string>();

  /** Asks with the token that we have; where it is refused, once more with a new one. */
  const ask = async (image: Reference, path: string, init: AskOptions): Promise<Response> => {
    const repository = `${image.registry}/${image.repository}`;
    const url = new URL(`/v2/${image.repository}/${path}`, findEndpoint(image.registry));
    const response = await follow(url, init, tokens.get(repository));
    if (response.status !== 401) return response;
    const challenge = parseChallenge(response.headers.get("www-authenticate") ?? "");
    if (challenge === undefined) return response;
    await response.body?.cancel();
    const token = await readToken(challenge, image, init.signal);
    if (token instanceof Response) return token;
    tokens.set(repository, token);
    return await follow(url, init, token);
  };

  return {
    askBlob: (image, digest, { from, signal }) =>
      ask(image, `blobs/${digest}`, {
        signal,
        headers: from > 0 ? { range: `bytes=${from}-` } : {},
      }),
    readManifest: async (image, which) => {
      const result = await retry(async (): Promise<Attempt<RawManifest>> => {
        try {
          const signal = limit(options.signal);
          const headers = { accept: ACCEPT };
          const response = await ask(image, `manifests/${which}`, { signal, headers });
          return response.ok ? await readBody(response) : readRefusal(response);
        } catch (cause) {
          return readFailure(cause);
        }
      }, options);
      if (options.signal?.aborted) throw stop(renderName(image));
      if (result.kind !== "done") throw refuse(image, result.reason, result.cause);
      return check(image, which, result.value);
    },
  };
}

interface AskOptions {
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

function limit(signal: AbortSignal | undefined): AbortSignal {
  const time = AbortSignal.timeout(TIMEOUT_MS);
  return signal === undefined ? time : AbortSignal.any([time, signal]);
}

/** Docker Hub's registry has another name than its images; one on this machine speaks no TLS. */
function findEndpoint(registry: string): string {
  if (registry === "docker.io") return "https://registry-1.docker.io";
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(registry);
  return `${isHere ? "http" : "https"}://${registry}`;
}

/** By hand: `fetch` would carry the token to the store that a blob lies in. */
async function follow(
  first: URL,
  { signal, headers }: AskOptions,
  token: string | undefined,
): Promise<Response> {
  let url = first;
  for (let count = 0; count <= MOST_REDIRECTS; count += 1) {
    const own = token !== undefined && url.origin === first.origin;
    const response = await fetch(url, {
      signal,
      redirect: "manual",
      headers: { ...headers, ...(own ? { authorization: `Bearer ${token}` } : {}) },
    });
    const location = response.headers.get("location");
    if (response.status < 301 || response.status > 308 || location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, url);
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new Error(`${url.host} sends us to ${next.origin}, which is not encrypted`);
    }
    url = next;
  }
  throw new Error(`${first.host} sends us in a circle`);
}

type Challenge = ReadonlyMap<string, string>;

/** `Bearer realm="…",service="…",scope="…"`; other schemes want an account. */
function parseChallenge(header: string): Challenge | undefined {
  if (!/^bearer /i.test(header)) return undefined;
  const fields = new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  return fields.has("realm") ? fields : undefined;
}

/** The token, or the answer of the server that gives none. */
async function readToken(
  challenge: Challenge,
  { repository }: Reference,
  signal: AbortSignal,
): Promise<string | Response> {
  const url = new URL(challenge.get("realm") ?? "");
  const service = challenge.get("service");
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", challenge.get("scope") ?? `repository:${repository}:pull`);
  const response = await fetch(url, { signal });
  return response.ok ? Token.parse(await response.json()) : response;
}

async function readBody(response: Response): Promise<Attempt<RawManifest>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_MANIFEST) {
      return { kind: "final", reason: `its manifest is more than ${MOST_MANIFEST} bytes` };
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(Buffer.concat(chunks));
  const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
  return {
    kind: "done",
    value: { bytes, mediaType: mediaType.trim(), digest: readDigest(bytes) },
  };
}

/** Of bytes, as registries write it. */
function readDigest(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function check(image: Reference, which: string, manifest: RawManifest): RawManifest {
  if (!which.startsWith("sha256:") || which === manifest.digest) return manifest;
  throw new BootstrapError(
    `Cannot use the image ${renderName(image)}: what the registry gives has the digest ${manifest.digest}, not ${which}`,
    { code: "CHECKSUM", next: "Do not go round this: the image is not the one that was reviewed" },
  );
}

function refuse(image: Reference, reason: string, cause: unknown): BootstrapError {
  return new BootstrapError(`Cannot pull ${renderName(image)}: ${reason}`, {
    code: CODES.get(reason) ?? "DOWNLOAD",
    next: "Run it again when the registry answers: what was downloaded stays",
    cause,
  });
}
