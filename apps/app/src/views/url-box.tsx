/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";

/**
 * The frame a URL stands in: left to right whatever its letters, apart from the text around it, and
 * with a scroll bar of its own when it is long. Takes the focus, so that keys can scroll it.
 */
export function UrlBox({ children }: { readonly children?: Child }) {
  return (
    <section class="url" tabindex={0} aria-label="The link that was checked">
      <bdi dir="ltr">{children}</bdi>
    </section>
  );
}
