import { domainToUnicode } from "node:url";

/** The host of a URL in its two spellings: with its letters, and in the ASCII that is looked up. */
export interface HostNames {
  readonly written: string;
  readonly ascii: string;
}

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

// What a link was copied with, its scheme, and its slashes.
const BEFORE = /^[\s"'<>`*([{„“‚‘«‹]*(?:[a-z][a-z\d+.-]*:(?=[/\\]))?[/\\]*/i;

/** Where in what was typed the host stands, from its first character to the one behind it. */
export function findHost(url: string): readonly [from: number, to: number] {
  const start = BEFORE.exec(url)?.[0].length ?? 0;
  const [authority = ""] = /^[^/\\?#]*/.exec(url.slice(start)) ?? [];
  const from = start + authority.lastIndexOf("@") + 1;
  const to = start + authority.replace(/:\d*$/, "").length;
  return [from, Math.max(from, to)];
}

/** Where a browser would go with what was typed; undefined where it would go nowhere. */
export function readHost(url: string): HostNames | undefined {
  // Without a scheme the colon of a port, or of a user's password, would be taken for the end of one.
  const ascii = URL.parse(SCHEME.test(url) ? url : `http://${url}`)?.hostname ?? "";
  return ascii === "" ? undefined : { written: domainToUnicode(ascii) || ascii, ascii };
}
