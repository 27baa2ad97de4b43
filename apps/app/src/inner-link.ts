// A link behind a mark of a path, a query or a fragment, as it is or with its marks escaped.
const INNER = /[/?=&#_](https?(?::\/\/|%3a%2f%2f)[^\s&]+)/i;
const ESCAPED = /^https?%3a/i;
/** Where Proofpoint ends the link that it wraps: `…/v3/__https://example.com/x__;!!…`. */
const WRAPPED_END = /__;.*$/;

/** The link that stands in another one, as a page that forwards has it; undefined where there is none. */
export function findInnerLink(url: string): string | undefined {
  const found = INNER.exec(url)?.[1]?.replace(WRAPPED_END, "");
  if (found === undefined) return undefined;
  const link = ESCAPED.test(found) ? decode(found) : found;
  return URL.canParse(link) ? link : undefined;
}

/** A text whose escapes are broken stands for nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
