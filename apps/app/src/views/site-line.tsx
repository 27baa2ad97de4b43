/** @jsxImportSource hono/jsx */
import { readSite } from "../read-site.ts";
import { ForeignText } from "./foreign-text.tsx";

/** The one name in a link that its sender cannot choose freely: whose site it is on. */
export function SiteLine({ url }: { readonly url: string }) {
  const site = readSite(url);
  if (site === undefined) return null;
  if (site.kind === "not public") {
    return (
      <p class="site">No public site that we know of has a name that ends in “.{site.ending}”.</p>
    );
  }
  return (
    <p class="site">
      The site is{" "}
      <bdi class="quoted" dir="ltr">
        <strong>
          <ForeignText text={site.name} />
        </strong>
      </bdi>
      . Its owner can put any words before and behind that name.
    </p>
  );
}
