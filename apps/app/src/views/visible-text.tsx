/** @jsxImportSource hono/jsx */
import { splitInvisible } from "../url-text.ts";

/** Text from outside, with every character that would not draw, or would turn the line, as its code. */
export function VisibleText({ text }: { readonly text: string }) {
  return (
    <>
      {splitInvisible(text).map((run) =>
        run.kind === "text" ? (
          run.text
        ) : (
          <span class="code-point" title="A character that cannot be seen">
            {run.text}
          </span>
        ),
      )}
    </>
  );
}
