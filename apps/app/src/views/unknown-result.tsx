/** @jsxImportSource hono/jsx */
import type { UnknownReason } from "../model-client.ts";
import { Badge } from "./badge.tsx";
import { SiteLine } from "./site-line.tsx";
import { UrlBox } from "./url-box.tsx";
import { VisibleText } from "./visible-text.tsx";

/** The model is away: said as such, with the reason, and no verdict made up. */
export function UnknownResult({
  reason,
  url,
}: {
  readonly reason: UnknownReason;
  readonly url: string;
}) {
  return (
    <section id="result" class="result" tabindex={-1} aria-labelledby="verdict">
      <div class="card verdict verdict-unknown">
        <h2 id="verdict">
          <Badge verdict="Unknown" />
          Unknown
        </h2>
        <p class="lead">{reason.message}</p>
        <p>
          This link was not judged, which says nothing for or against it. Try again in a moment;
          until then, treat it with care.
        </p>
      </div>
      <div class="card">
        <h3>The link</h3>
        <UrlBox>
          <VisibleText text={url} />
        </UrlBox>
        <SiteLine url={url} />
      </div>
    </section>
  );
}
