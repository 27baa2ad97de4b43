/** @jsxImportSource hono/jsx */
import type { BrandFinding } from "../model-answer.ts";
import { type HostNames, readHost } from "../read-host.ts";
import { VisibleText } from "./visible-text.tsx";

interface BrandNoteProps {
  readonly url: string;
  readonly finding: BrandFinding;
  /** The finding made the verdict, not the model. */
  readonly decided: boolean;
}

type Lookalike = Extract<BrandFinding, { kind: "lookalike" }>;

// The ways in which lib-ml finds an imitation, as what is said of the part that imitates.
const HOW: Readonly<Record<string, string>> = {
  homoglyph: "has letters that look alike",
  edit: "is its name with a letter or two wrong",
  combination: "puts its name together with other words",
  subdomain: "stands in front of another owner’s domain",
  suffix: "has its name under an ending where anyone can register",
};

/** What the list of brands says: a rule that people wrote, shown apart from the model. */
export function BrandNote({ url, finding, decided }: BrandNoteProps) {
  return (
    <div class="brand-note">
      <h3>{decided ? "A rule decided this, not the model" : "A rule adds"}</h3>
      {finding.kind === "verified" ? (
        <p>
          <bdi>{finding.domain}</bdi> is on our list of domains that belong to{" "}
          <bdi>{finding.brand}</bdi>.
        </p>
      ) : (
        <Imitation finding={finding} host={readHost(url)} />
      )}
    </div>
  );
}

interface ImitationProps {
  readonly finding: Lookalike;
  readonly host: HostNames | undefined;
}

function Imitation({ finding, host }: ImitationProps) {
  const { brand, how, part } = finding;
  if (how === "user name" && host !== undefined) {
    return (
      <p>
        This link goes to <Quoted text={host.written} />; what stands before @ is only a user name.
        It imitates <bdi>{brand}</bdi>.
      </p>
    );
  }
  const isForeign = host !== undefined && host.written !== host.ascii;
  return (
    <>
      <p>
        This host imitates <bdi>{brand}</bdi> and is not one of its domains:{" "}
        {/* The model compares look-alikes as plain letters: quoted, they would be the brand's own. */}
        {isForeign && how === "homoglyph" ? "it" : <Quoted text={part} />}{" "}
        {HOW[how] ?? `imitates it (${how})`}.
      </p>
      {isForeign && <Spellings host={host} />}
    </>
  );
}

function Quoted({ text }: { readonly text: string }) {
  return (
    <bdi class="quoted" dir="ltr">
      <VisibleText text={text} />
    </bdi>
  );
}

/** A host with letters beyond a to z: as written, with those marked, and as it is looked up. */
function Spellings({ host: { written, ascii } }: { readonly host: HostNames }) {
  // Neighbours stay together: some letters are drawn with the one before them.
  const runs = written.split(/([^\0-\x7f]+)/);
  const odd = [...new Set(runs.filter((_, at) => at % 2 === 1).join(""))].slice(0, 8);
  return (
    <p>
      It is written{" "}
      <bdi class="quoted" dir="ltr">
        {runs.map((run, at) =>
          at % 2 === 1 ? (
            <mark class="part phishing strong">
              <VisibleText text={run} />
            </mark>
          ) : (
            run
          ),
        )}
      </bdi>{" "}
      and looked up as <Quoted text={ascii} />. What is marked is none of the letters a to z:{" "}
      {odd.map((letter) => `U+${toCode(letter)}`).join(", ")}.
    </p>
  );
}

function toCode(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
