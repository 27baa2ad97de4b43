// What Envoy makes of a path before it looks at routes. Istio sets it in
// pilot/pkg/networking/core/listener_builder.go by meshConfig.pathNormalization; each rule here was
// seen in Envoy 1.40 (path_utility.cc; the canonical form is Chromium's, url_canon_path.cc).

/** The values of `meshConfig.pathNormalization.normalization`; each does what those before it do. */
export type PathNormalization = "NONE" | "BASE" | "MERGE_SLASHES" | "DECODE_AND_MERGE_SLASHES";

/** The path of a request, its query untouched; undefined for one that Envoy answers with 400. */
export type Normalize = (path: string) => string | undefined;

/** What a proxy with this setting makes of a path. */
export function createNormalizer(normalization: PathNormalization): Normalize {
  const merges = normalization === "MERGE_SLASHES" || normalization === "DECODE_AND_MERGE_SLASHES";
  const decodes = normalization === "DECODE_AND_MERGE_SLASHES";
  return (whole) => {
    if (PLAIN.test(whole)) return merges && whole.includes("//") ? mergeSlashes(whole) : whole;
    // Neither a fragment nor a control character nor a byte outside ASCII is taken by the codec.
    if (!whole.startsWith("/") || REFUSED.test(whole)) return undefined;
    if (normalization === "NONE") return whole;
    const mark = whole.indexOf("?");
    const query = mark < 0 ? "" : whole.slice(mark);
    const given = mark < 0 ? whole : whole.slice(0, mark);
    const path = canonicalise(decodes ? decodeSlashes(given) : given);
    if (path === undefined) return undefined;
    return (merges ? mergeSlashes(path) : path) + query;
  };
}

/** Nothing to change: the common case. A dot is plain where no segment starts with it. */
const PLAIN = /^\/(?:[\w\-~!$&'()*+,:;=@[\]]|\/|(?<!\/)\.)*$/;
/** "#", and all but the visible characters of ASCII. */
const REFUSED = /[^!"$-~]/;

function decodeSlashes(path: string): string {
  return path.replace(/%2f/gi, "/").replace(/%5c/gi, "\\");
}

/** Envoy puts the outer slashes back, so that a path of slashes alone keeps two of them. */
function mergeSlashes(path: string): string {
  return /^\/{2,}$/.test(path) ? "//" : path.replace(/\/{2,}/g, "/");
}

const ESCAPED = /["<>^`{|}]/;
const UNESCAPED = /[\w\-~]/;

/** Dot segments resolved, backslashes turned, letters and digits unescaped, the odd escaped. */
function canonicalise(path: string): string | undefined {
  let output = "";
  let badPercent = Number.NEGATIVE_INFINITY;
  let at = 0;
  while (at < path.length) {
    const dot = readDot(path, at);
    if (dot > 0) {
      const segment = output.endsWith("/") ? readDotSegment(path, at + dot) : undefined;
      if (segment === undefined) output += ".";
      else if (segment.up) output = leave(output);
      at += dot + (segment?.length ?? 0);
      continue;
    }
    const char = path.charAt(at);
    if (char !== "%") {
      output += canonicaliseChar(char);
      at += 1;
      continue;
    }
    const code = readEscape(path, at);
    if (code === 0) return undefined;
    if (code === undefined) {
      badPercent = output.length;
      output += "%";
      at += 1;
      continue;
    }
    const decoded = String.fromCharCode(code);
    const plain = UNESCAPED.test(decoded);
    output += plain ? decoded : path.slice(at, at + 3);
    at += 3;
    if (plain && badPercent >= output.length - 3) {
      output = guardNested(output, { badPercent, following: path.charAt(at) });
    }
  }
  return output;
}

function canonicaliseChar(char: string): string {
  if (char === "\\") return "/";
  return ESCAPED.test(char) ? `%${char.charCodeAt(0).toString(16).toUpperCase()}` : char;
}

/** The length of "." or "%2e" at a place; 0 for none. */
function readDot(path: string, at: number): number {
  if (path.charAt(at) === ".") return 1;
  return path.slice(at, at + 3).toLowerCase() === "%2e" ? 3 : 0;
}

const SLASH = /[/\\]/;

/** After the first dot of a segment: "." or ".." to its end, with the slash behind it. */
function readDotSegment(path: string, at: number): { up: boolean; length: number } | undefined {
  const isEnd = (place: number) => place === path.length;
  const isSlash = (place: number) => SLASH.test(path.charAt(place));
  if (isEnd(at)) return { up: false, length: 0 };
  if (isSlash(at)) return { up: false, length: 1 };
  const second = readDot(path, at);
  if (second === 0) return undefined;
  if (isEnd(at + second)) return { up: true, length: second };
  return isSlash(at + second) ? { up: true, length: second + 1 } : undefined;
}

/** Without the last segment; the first slash stays. */
function leave(output: string): string {
  if (output.length <= 1) return output;
  return output.slice(0, output.lastIndexOf("/", output.length - 2) + 1);
}

function readEscape(path: string, at: number): number | undefined {
  const digits = path.slice(at + 1, at + 3);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

interface Nested {
  readonly badPercent: number;
  readonly following: string;
}

/** A lone "%" that, with what was just unescaped, would read as an escape becomes "%25". */
function guardNested(output: string, { badPercent, following }: Nested): string {
  const short = badPercent === output.length - 2;
  const seen = short ? output + following : output;
  if (readEscape(seen, badPercent) === undefined) return output;
  return `${output.slice(0, badPercent)}%25${output.slice(badPercent + 1)}`;
}
