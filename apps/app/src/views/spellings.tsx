/** @jsxImportSource hono/jsx */
import type { HostNames } from "../read-host.ts";
import { splitForeign } from "../url-text.ts";
import { ForeignText } from "./foreign-text.tsx";
import { VisibleText } from "./visible-text.tsx";

const SHOWN = 8;

interface SpellingsProps {
  /** What the sentence begins with. */
  readonly subject: string;
  readonly host: HostNames;
}

/** A host with letters beyond a to z: as written, with those framed, and as it is looked up. */
export function Spellings({ subject, host: { written, ascii } }: SpellingsProps) {
  const odd = [
    ...new Set(
      splitForeign(written)
        .join("")
        .replace(/[\0-\x7f]/g, ""),
    ),
  ];
  return (
    <p class="spellings">
      {subject} is written{" "}
      <bdi class="quoted" dir="ltr">
        <ForeignText text={written} />
      </bdi>{" "}
      and looked up as{" "}
      <bdi class="quoted" dir="ltr">
        <VisibleText text={ascii} />
      </bdi>
      . What is framed is none of the letters a to z, even where it looks like one:{" "}
      {odd.slice(0, SHOWN).map(toCode).join(", ")}
      {odd.length > SHOWN ? ", …" : "."}
    </p>
  );
}

function toCode(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
