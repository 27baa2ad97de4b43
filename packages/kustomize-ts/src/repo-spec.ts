import { posix } from "node:path";

/** A Git repository, a folder in it and a revision, read from one text. */
export interface RepoSpec {
  /** The text. */
  readonly raw: string;
  /** What `git fetch` takes. */
  readonly cloneSpec: string;
  /** The folder in the repository, "" for its root. */
  readonly path: string;
  /** The revision, "" when none is given. */
  readonly ref: string;
  readonly submodules: boolean;
  readonly timeoutMs: number;
}

const SCHEMES = ["ssh://", "https://", "http://", "file://"];
const DEFAULT_TIMEOUT_MS = 27_000;

/**
 * Reads a text as a Git repository, as Kustomize does (api/internal/git/repospec.go), or gives
 * `undefined` when it is none; `owner/name` alone is a folder.
 */
export function parseRepoSpec(raw: string): RepoSpec | undefined {
  if (raw.startsWith("/")) return undefined;
  const question = raw.indexOf("?");
  const address = question < 0 ? raw : raw.slice(0, question);
  const query = new URLSearchParams(question < 0 ? "" : raw.slice(question + 1));
  const host = splitHost(address);
  if (host === undefined) return undefined;
  const parts = splitPath(host.rest, host.host.startsWith("file://"));
  if (parts === undefined || parts.repo === "") return undefined;
  const path = parts.path.replace(/^\//, "");
  if (posix.normalize(path).split("/")[0] === "..") return undefined;
  return {
    raw,
    cloneSpec: host.host + parts.repo,
    path,
    ref: query.get("ref") || query.get("version") || "",
    submodules: !["0", "f", "F", "false", "FALSE", "False"].includes(query.get("submodules") ?? ""),
    timeoutMs: parseTimeout(query.get("timeout") ?? ""),
  };
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Seconds, or a duration of Go such as `1m30s`. */
function parseTimeout(text: string): number {
  const seconds = /^\+?\d+$/.test(text) ? Number(text) : 0;
  if (seconds > 0) return seconds * 1000;
  if (!/^\+?(?:\d+\.?\d*|\.\d+)(?:[nu\u00b5m]?s|[mh])/.test(text)) return DEFAULT_TIMEOUT_MS;
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)([nu\u00b5m]?s|[mh])/g)];
  if (parts.map(([part]) => part).join("") !== text.replace(/^\+/, "")) return DEFAULT_TIMEOUT_MS;
  const total = parts.reduce(
    (sum, [, n = "", unit = ""]) => sum + Number(n) * (UNITS_MS[unit] ?? 0),
    0,
  );
  return total || DEFAULT_TIMEOUT_MS;
}

function splitHost(address: string): { host: string; rest: string } | undefined {
  let text = address.replace(/^git::/i, "");
  const scheme = SCHEMES.find((prefix) => text.toLowerCase().startsWith(prefix)) ?? "";
  text = text.slice(scheme.length);
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(text)?.[0] ?? "";
  text = text.slice(user.length);
  const isGithub = /^github\.com[/:]/i.test(text);
  const isScp = scheme === "" && (user !== "" || isGithub);
  if (scheme === "" && !isScp) return undefined;
  if (scheme === "file://") return { host: scheme, rest: user + text };
  const end = findHostEnd(text, isScp);
  const host = end < 0 ? text : text.slice(0, end + 1);
  const rest = end < 0 ? "" : text.slice(end + 1);
  if (isGithub) {
    const isSsh = scheme === "ssh://" || user !== "";
    return { host: isSsh ? `${user}github.com:` : "https://github.com/", rest };
  }
  return host === "" ? undefined : { host: scheme + user + host, rest };
}

function findHostEnd(text: string, isScp: boolean): number {
  const slash = text.indexOf("/");
  if (!isScp) return slash;
  const colon = text.indexOf(":");
  return slash < 0 || (colon > 0 && colon < slash) ? colon : slash;
}

/** The repository ends at `_git/name`, at `//`, at `.git`, or after two parts. */
function splitPath(text: string, whole: boolean): { repo: string; path: string } | undefined {
  const azure = text.indexOf("_git/");
  if (azure >= 0) {
    const [name = "", ...rest] = text.slice(azure + 5).split("/");
    return { repo: text.slice(0, azure + 5) + name, path: rest.join("/") };
  }
  const marker = text.indexOf("//");
  if (marker >= 0) return { repo: text.slice(0, marker), path: text.slice(marker + 2) };
  const suffix = text.indexOf(".git");
  if (suffix >= 0) return { repo: text.slice(0, suffix + 4), path: text.slice(suffix + 4) };
  if (whole) return { repo: text, path: "" };
  const parts = text.split("/");
  if (parts.length < 2) return undefined;
  return { repo: parts.slice(0, 2).join("/"), path: parts.slice(2).join("/") };
}
