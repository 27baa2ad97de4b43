/** @jsxImportSource hono/jsx */
import type { BrandFinding } from "../model-answer.ts";
import { VisibleText } from "./visible-text.tsx";

interface BrandNoteProps {
  readonly finding: BrandFinding;
  /** The finding made the verdict, not the model. */
  readonly decided: boolean;
}

// The ways in which lib-ml finds an imitation, as what is said of the part that imitates.
const HOW: Readonly<Record<string, string>> = {
  homoglyph: "has letters that look alike",
  edit: "is its name with a letter or two wrong",
  combination: "puts its name together with other words",
  subdomain: "stands in front of another owner’s domain",
  "user name": "stands where a browser takes it for a user name, and goes elsewhere",
  suffix: "has its name under an ending where anyone can register",
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
            This host imitates <bdi>{finding.brand}</bdi> and is not one of its domains:{" "}
            <bdi class="quoted" dir="ltr">
              <VisibleText text={finding.part} />
            </bdi>{" "}
            {HOW[finding.how] ?? `imitates it (${finding.how})`}.
          </>
        )}
      </p>
    </div>
  );
}
