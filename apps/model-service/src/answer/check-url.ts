import { ServiceError } from "@hookline/http-service";
import { type CanonicalUrl, canonicalise } from "@hookline/lib-ml";
import { MOST_CHARACTERS } from "../schemas.ts";
import { describeRefused } from "./describe-refused.ts";
import { isUnfindable } from "./host-limits.ts";

/** `mailto:`, or a user and a host, nothing else: no scheme of the web, password, port, path or query. */
const MAIL_ADDRESS = /^[\s"'<]*mailto:|^[\s"'<]*[^\s"'<>:@/\\?#]+@[^\s"'<>:@/\\?#]+[\s"'>]*$/i;

// Endings of files that end no host: unlike zip or mov, each is no top-level domain.
const FILE_NAME =
  /^[\s"'<]*[^\s"'<>:@/\\?#]+\.(?:pdf|docx?|xlsx?|pptx?|od[ts]|rtf|txt|csv|s?html?|exe|msi|apk|dmg|iso|lnk|bat|cmd|js|vbs|jar|scr|rar|7z|gz|tar|jpe?g|png|gif|svg|webp|mp[34]|avi|eml|msg|ics|json|xml)[\s"'>]*$/i;

const UNFINDABLE =
  "The url has a host that no browser can look up; a name takes at most 63 characters between its dots, and 253 in all";

/**
 * The canonical form of a URL that a caller sent.
 *
 * Throws a `ServiceError` `NOT_A_URL` for text that no browser would take as a web address, for a
 * mail address, which one would take for a host with a user, for the name of a file, and for a host whose
 * name is too long to be found. The message never holds the text: it ends in logs.
 */
export function checkUrl(url: string): CanonicalUrl {
  const wrong = describeText(url);
  if (wrong !== undefined) {
    throw new ServiceError(wrong, { code: "NOT_A_URL" });
  }
  const canonical = canonicalise(url);
  if (isUnfindable(url, canonical)) {
    throw new ServiceError(UNFINDABLE, { code: "NOT_A_URL" });
  }
  if (canonical === undefined) {
    throw new ServiceError(describeRefused(url), { code: "NOT_A_URL" });
  }
  return canonical;
}

function describeText(url: string): string | undefined {
  if (url.length > MOST_CHARACTERS) {
    return `The url has ${url.length} characters; at most ${MOST_CHARACTERS} are taken`;
  }
  if (url.trim() === "") {
    return url === "" ? "The url is empty" : "The url is blank";
  }
  if (url.includes("\0")) {
    return "The url holds a NUL character";
  }
  if (MAIL_ADDRESS.test(url)) {
    return "The url is a mail address; send the link itself, or put http:// before it if it is one";
  }
  if (FILE_NAME.test(url)) {
    return "The url is the name of a file; send the link that leads to it";
  }
  return url.isWellFormed() ? undefined : "The url holds half of a surrogate pair";
}
