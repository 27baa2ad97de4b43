/** @jsxImportSource hono/jsx */
import type { BrandFinding } from "../model-answer.ts";
import { type HostNames, readHost } from "../read-host.ts";
import { Spellings } from "./spellings.tsx";
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
  homoglyph: "writes the name in look-alike characters",
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
      {isForeign && <Spellings subject="It" host={host} />}
    </>
  );
}

/** Whether the note that is shown for a finding tells both spellings of the host. */
export function tellsSpellings(finding: BrandFinding | null): boolean {
  return finding?.kind === "lookalike" && finding.how !== "user name";
}

function Quoted({ text }: { readonly text: string }) {
  return (
    <bdi class="quoted" dir="ltr">
      <VisibleText text={text} />
    </bdi>
  );
}
