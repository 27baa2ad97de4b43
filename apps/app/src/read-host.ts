import { domainToUnicode } from "node:url";

/** The host of a URL in its two spellings: with its letters, and in the ASCII that is looked up. */
export interface HostNames {
  readonly written: string;
  readonly ascii: string;
}

// What a link was copied with, its scheme, and its slashes. Any other name before a colon may be a host or a user.
const BEFORE = /^[\s"'<>`*([{„“‚‘«‹]*(?:https?:|[a-z][a-z\d+.-]*:(?=[/\\]))?[/\\]*/i;
// What it was copied with behind a host that ends it; within bounds, as a search from each of many marks would take long.
const BEHIND = /[\s"'<>`*)\]},;:!.“”’»›]{1,9}$/;

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
  // As security people write it, no link can be clicked: example[.]com.
  const [from, to] = findHost(url);
  const host = url.slice(from, to).replaceAll("[.]", ".");
  const bare = to < url.length || host.startsWith("[") ? host : host.replace(BEHIND, "");
  const ascii = URL.parse(`http://${bare}`)?.hostname ?? "";
  return ascii === "" ? undefined : { written: domainToUnicode(ascii) || ascii, ascii };
}
