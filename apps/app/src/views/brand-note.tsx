import type { BrandFinding } from "../model-answer.ts";
import { VisibleText } from "./visible-text.tsx";

interface BrandNoteProps {
  readonly finding: BrandFinding;
  /** The finding made the verdict, not the model. */
  readonly decided: boolean;
}

// The ways in which lib-ml finds an imitation, as the end of "… imitates PayPal, …".
const HOW: Readonly<Record<string, string>> = {
  homoglyph: "with letters that look alike",
  edit: "misspelt by a letter or two",
  combination: "by its name together with other words",
  subdomain: "with its name in front of another owner’s domain",
  suffix: "with its name under an ending where anyone can register",
};

/** What the list of brands says: a rule that people wrote, shown apart from the model. */
export function BrandNote({ finding, decided }: BrandNoteProps) {
  return (
    <div class="brand-note">
      <h3>{decided ? "A rule decided this, not the model" : "A rule adds"}</h3>
      <p>
        {finding.kind === "verified" ? (
          <>
            <bdi>{finding.domain}</bdi> is on our list of domains that belong to{" "}
            <bdi>{finding.brand}</bdi>.
          </>
        ) : (
          <>
            <bdi class="quoted" dir="ltr">
              <VisibleText text={finding.part} />
            </bdi>{" "}
            imitates <bdi>{finding.brand}</bdi>, {HOW[finding.how] ?? `by ${finding.how}`}. It is
            not one of its domains.
          </>
        )}
      </p>
    </div>
  );
}
