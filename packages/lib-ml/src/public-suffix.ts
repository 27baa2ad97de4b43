// The public suffix list as tldts packs it (a tree of labels, read from the right), looked up here: tldts.parse
// makes nine values where two are wanted, and prepares the whole list before the first.
import {
  edgeChild,
  edgeLength,
  edgeStart,
  exceptionsRoot,
  labelText,
  nodeFlags,
  rulesRoot,
} from "tldts/src/data/trie.ts";

const DOT = 0x2e;
const STAR = 0x2a;
const NONE = -1;
/** Of a node that is a rule: of the list's private section. */
const PRIVATE = 2;

/** Where the text of each edge begins. */
const OFFSETS = new Uint32Array(edgeLength.length);
for (let edge = 1; edge < OFFSETS.length; edge += 1)
  OFFSETS[edge] = (OFFSETS[edge - 1] ?? 0) + (edgeLength[edge - 1] ?? 0);

// The edges of a node stand in the order of hashes that are not in the data. They are computed when a
// node is first asked: a process meets few of them.
const HASHES = new Uint32Array(edgeLength.length);
const WILD = new Int32Array(nodeFlags.length).fill(NONE);
const isKnown = new Uint8Array(nodeFlags.length);

/** A public suffix: it begins at `start`; `isPrivate` says that it is a company's. */
export interface Suffix {
  start: number;
  isPrivate: boolean;
}

// The last rule that matched, and what is handed out: overwritten by the next call.
let ruleStart = 0;
let ruleEnd = 0;
let ruleNode = NONE;
const suffix: Suffix = { start: 0, isPrivate: false };

/** The public suffix of a host name, private section included; the next call overwrites it. */
export function findSuffix(host: string): Readonly<Suffix> {
  if (matchRule(host, exceptionsRoot)) suffix.start = ruleEnd + 1;
  else if (matchRule(host, rulesRoot)) suffix.start = ruleStart;
  // Of an unlisted name it is the last label (publicsuffix.org/list, algorithm, step 2).
  else suffix.start = host.lastIndexOf(".") + 1;
  suffix.isPrivate = ruleNode !== NONE && ((nodeFlags[ruleNode] ?? 0) & PRIVATE) !== 0;
  return suffix;
}

/** Goes down from a root label by label, and remembers the last node that is a rule. */
function matchRule(host: string, root: number): boolean {
  let node = root;
  ruleNode = NONE;
  for (let to = host.length; to > 0; ) {
    let hash = 5381;
    let from = to;
    for (; from > 0; from -= 1) {
      const code = host.charCodeAt(from - 1);
      if (code === DOT) break;
      hash = step(hash, code);
    }
    const edge = from === to ? NONE : findEdge(node, hash >>> 0, host, from, to);
    if (edge === NONE) break;
    node = edgeChild[edge] ?? 0;
    if (nodeFlags[node] !== 0) {
      ruleNode = node;
      ruleStart = from;
      ruleEnd = to;
    }
    to = from - 1;
  }
  return ruleNode !== NONE;
}

/** One step of djb2 with exclusive or, by which tldts sorts the edges of a node. */
function step(hash: number, code: number): number {
  return Math.imul(hash, 33) ^ code;
}

/** The edge of a node with this label, else its wildcard, else NONE. */
function findEdge(node: number, hash: number, host: string, from: number, to: number): number {
  if (isKnown[node] === 0) prepare(node);
  const end = edgeStart[node + 1] ?? 0;
  let low = edgeStart[node] ?? 0;
  for (let high = end; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((HASHES[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  for (; low < end && HASHES[low] === hash; low += 1) if (isLabel(low, host, from, to)) return low;
  return WILD[node] ?? NONE;
}

function isLabel(edge: number, host: string, from: number, to: number): boolean {
  if (edgeLength[edge] !== to - from) return false;
  const shift = (OFFSETS[edge] ?? 0) - from;
  for (let at = from; at < to; at += 1)
    if (labelText.charCodeAt(shift + at) !== host.charCodeAt(at)) return false;
  return true;
}

function prepare(node: number): void {
  isKnown[node] = 1;
  const end = edgeStart[node + 1] ?? 0;
  for (let edge = edgeStart[node] ?? 0; edge < end; edge += 1) {
    const from = OFFSETS[edge] ?? 0;
    const length = edgeLength[edge] ?? 0;
    let hash = 5381;
    for (let at = from + length - 1; at >= from; at -= 1)
      hash = step(hash, labelText.charCodeAt(at));
    HASHES[edge] = hash;
    if (length === 1 && labelText.charCodeAt(from) === STAR) WILD[node] = edge;
  }
}
