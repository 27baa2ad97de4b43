/** @jsxImportSource hono/jsx */
import { splitForeign } from "../url-text.ts";
import { VisibleText } from "./visible-text.tsx";

/** Text of a host, in which what is none of the letters a to z stands in a frame: it may look like one. */
export function ForeignText({ text }: { readonly text: string }) {
  return (
    <>
      {splitForeign(text).map((run, at) =>
        at % 2 === 1 ? (
          <mark class="foreign">
            <VisibleText text={run} />
          </mark>
        ) : (
          <VisibleText text={run} />
        ),
      )}
    </>
  );
}
