/** @jsxImportSource hono/jsx */
import type { Outcome } from "../check.ts";
import type { Score } from "../score.ts";
import type { Problem } from "../url-field.ts";
import { CheckForm } from "./check-form.tsx";
import { HowItWorks } from "./how-it-works.tsx";
import { Layout } from "./layout.tsx";
import type { PageInfo } from "./page-info.ts";
import { Result } from "./result.tsx";
import { UnknownResult } from "./unknown-result.tsx";

interface CheckPageProps {
  readonly info: PageInfo;
  readonly score: Score;
  /** What is in the URL field. */
  readonly url?: string;
  readonly problem?: Problem;
  readonly outcome?: Outcome;
}

/** The one page: the form, and below it what came of the last check. */
export function CheckPage({ info, score, url = "", problem, outcome }: CheckPageProps) {
  return (
    <Layout title={buildTitle(problem, outcome)} info={info}>
      <CheckForm url={url} problem={problem} score={score} isFirst={outcome === undefined} />
      {outcome === undefined && <HowItWorks />}
      {outcome?.kind === "judged" && <Result outcome={outcome} />}
      {outcome?.kind === "unknown" && <UnknownResult reason={outcome.reason} url={outcome.url} />}
    </Layout>
  );
}

function buildTitle(problem: Problem | undefined, outcome: Outcome | undefined): string {
  if (problem !== undefined) return "Please check the form · Hookline";
  if (outcome === undefined || outcome.kind === "problem")
    return "Hookline: is this link phishing?";
  return `${outcome.verdict} · Hookline`;
}
