import { isShortener } from "@hookline/lib-ml";
import { type Cleaned, canon } from "./canon.ts";
import { hideMail } from "./mail.ts";

/** Why an address is not used. */
export type DropReason = "not an address" | "shortener" | "picture or feed";

/** A usable address, or the reason why it is none. */
export type CleanResult =
  | { readonly kind: "kept"; readonly cleaned: Cleaned }
  | { readonly kind: "dropped"; readonly why: DropReason };

/** Under one label only in the lists (pictures of posts, feeds of sites), so they would tell the list. */
const ASSET =
  /\.(?:jpe?g|png|gif|webp|bmp|svg|ico|css|js|woff2?|mp[34]|webm|gifv|rss|atom|xml)$|\/(?:feed|rss|atom)$/i;

/**
 * Cleans an address of a list: canonical form, e-mail addresses replaced, masked values (`?x=*`)
 * emptied. Shorteners are dropped since the label is of where they lead to.
 */
export function clean(text: string, options: { readonly cutToSite: boolean }): CleanResult {
  const found = canon(text);
  if (found === undefined) return { kind: "dropped", why: "not an address" };
  if (isShortener(found.host)) return { kind: "dropped", why: "shortener" };
  if (options.cutToSite) {
    return { kind: "kept", cleaned: { url: found.host, host: found.host, path: "", query: "" } };
  }
  if (ASSET.test(found.path)) return { kind: "dropped", why: "picture or feed" };
  const start = found.url.indexOf("/");
  if (start < 0) return { kind: "kept", cleaned: found };
  const tail = hideMail(found.url.slice(start).replace(/=\*+(?=&|#|$)/g, "="));
  return {
    kind: "kept",
    cleaned: { ...found, url: found.url.slice(0, start) + tail },
  };
}
