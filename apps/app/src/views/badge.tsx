/** @jsxImportSource hono/jsx */
import type { Verdict } from "../check.ts";

// Four outlines that differ in shape, so that the colour is never needed to tell them apart.
const SHAPES: Readonly<Record<Verdict, string>> = {
  Phishing: "M16 3 30 28H2Z M16 12v8 M16 23.5v.5",
  Legitimate: "M16 2a14 14 0 1 0 0 28 14 14 0 0 0 0-28Z M9.5 16.5l4.5 4.5 9-10",
  Unsure:
    "M16 2 30 16 16 30 2 16Z M12.2 12.8c.3-2.2 1.8-3.5 3.9-3.5 2.2 0 3.8 1.4 3.8 3.3 0 3-3.8 2.9-3.8 6 M16 22v.5",
  Unknown: "M4 4h24v24H4Z M10 16h12",
};

/** The verdict as a drawing; the word beside it is what is read out. */
export function Badge({ verdict }: { readonly verdict: Verdict }) {
  return (
    <svg class="badge" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d={SHAPES[verdict]} />
    </svg>
  );
}
