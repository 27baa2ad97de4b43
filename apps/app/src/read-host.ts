import { domainToUnicode } from "node:url";

/** The host of a URL in its two spellings: with its letters, and in the ASCII that is looked up. */
export interface HostNames {
  readonly written: string;
  readonly ascii: string;
}

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** Where a browser would go with what was typed; undefined where it would go nowhere. */
export function readHost(url: string): HostNames | undefined {
  // Without a scheme the colon of a port, or of a user's password, would be taken for the end of one.
  const ascii = URL.parse(SCHEME.test(url) ? url : `http://${url}`)?.hostname ?? "";
  return ascii === "" ? undefined : { written: domainToUnicode(ascii) || ascii, ascii };
}
