import type { CanonicalUrl } from "@hookline/lib-ml";

// RFC 1035 §2.3.4, as text: a label, and a name of labels with dots between them.
const MOST_OF_LABEL = 63;
const MOST_OF_NAME = 253;

/**
 * Whether no name server can hold the host of a text: browsers take such a link and then find nothing.
 * `url` is the canonical form, undefined where lib-ml gave none, as it does for a name that is too long.
 */
export function isUnfindable(text: string, url: CanonicalUrl | undefined): boolean {
  // Nearly every link; only punycode is longer as it is looked up than as it is compared.
  if (url !== undefined && url.host.length <= MOST_OF_LABEL && !url.flags.punycode) return false;
  const name = readName(text) ?? url?.host ?? "";
  if (name.length > MOST_OF_NAME || url === undefined) return name.length > MOST_OF_NAME;
  return name.split(".").some((label) => label.length > MOST_OF_LABEL);
}

/** The host as a browser looks it up: with its `www.`, and in ASCII. */
function readName(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:[a-z]+:(?=[/\\]))?[/\\]*/i, "");
  return URL.parse(`http://${bare}`)?.hostname.replace(/\.$/, "");
}
