import { canonicalise } from "@hookline/lib-ml";
import { trimEdges } from "../answer/trim-edges.ts";
import type { Explanation } from "../schemas.ts";

/** Whether the part of a URL behind `?` is reported as it is. */
export type Queries = "keep" | "redact";

/** The longest URL and the longest part that are reported, in UTF-16 units. */
const MOST_CHARACTERS = 300;
const MOST_PART = 60;
/** Parts of an explanation that are reported, the heaviest first. */
const MOST_PARTS = 6;
/** What begins a query or fragment that somebody escaped, once or more often, or parameters of a path (`;jsessionid=…`). */
const HIDDEN = /(?:[?#;]|%(?:25)*(?:3f|23|3b)).*$/isu;

/**
 * What is told of a URL: the canonical form of what was judged of it, so without scheme, userinfo, port and tracking parameters.
 * A fragment is never told: single-page applications keep tokens there. A query is, with `keep`.
 */
export function redactUrl(url: string, queries: Queries): string {
  const hash = url.indexOf("#");
  const text = trimEdges(url);
  const canonical = canonicalise(hash < 0 ? text : text.slice(0, hash));
  if (canonical === undefined) {
    return "…";
  }
  const { host, path, query } = canonical;
  const asked = query === "" ? "" : queries === "keep" ? `?${query}` : "?…";
  return cut(host + (queries === "keep" ? path : hide(path)) + asked, MOST_CHARACTERS);
}

/** The heaviest parts of an explanation, with texts that tell no more than `redactUrl` does. */
export function redactExplanation(
  { method, parts, lexical }: Explanation,
  { url, queries }: { readonly url: string; readonly queries: Queries },
) {
  const hash = url.includes("#") ? url.indexOf("#") : url.length;
  const weights = new Map<string, number>();
  function add(text: string, weight: number): void {
    weights.set(text, (weights.get(text) ?? 0) + weight);
  }
  // Parts are in the order of the URL: what one of the path begins to hide goes on in those behind it.
  let isHidden = false;
  for (const { end, text, segment, weight } of parts) {
    if (end > hash) {
      add("#…", weight);
    } else if (segment === "query") {
      add(queries === "keep" ? cut(text, MOST_PART) : "?…", weight);
    } else if (segment === "host") {
      // A part of the host may begin before it, when pieces of a long URL were joined.
      add(cut(text.slice(text.lastIndexOf("@") + 1), MOST_PART), weight);
    } else if (queries === "keep") {
      add(cut(text, MOST_PART), weight);
    } else {
      add(isHidden ? "…" : cut(hide(text), MOST_PART), weight);
      isHidden ||= HIDDEN.test(text);
    }
  }
  for (const { name, weight } of lexical) {
    add(name, weight);
  }
  const heaviest = [...weights].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  return {
    method,
    parts: heaviest.slice(0, MOST_PARTS).map(([text, weight]) => ({
      text,
      weight: Math.round(weight * 1000) / 1000,
    })),
  };
}

function hide(path: string): string {
  return path.replace(HIDDEN, (found) => `${/^(?:%(?:25)*..|.)/u.exec(found)?.[0]}…`);
}

function cut(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  // Not between the two halves of a character beyond U+FFFF.
  const end = text.codePointAt(most - 2) === text.charCodeAt(most - 2) ? most - 1 : most - 2;
  return `${text.slice(0, end)}…`;
}
