/** @jsxImportSource hono/jsx */
import { type Difference, LEAST_SCORE, type Opinion } from "../comparison/differences.ts";
import { formatScore } from "./format.ts";

/** The URLs that the models see most differently, with what moved each. */
export function DifferenceList({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <section class="card wide" aria-labelledby="differences">
      <h2 id="differences">Where they differ most</h2>
      {differences.length === 0 ? (
        <p>No URL of this window was seen differently.</p>
      ) : (
        <>
          <p class="soft">
            First what only one of them warns of, then other verdicts that differ, then one verdict
            with scores {LEAST_SCORE} or more apart.
          </p>
          <ol class="differences">
            {differences.map((difference) => (
              <li>
                <p class="url">
                  <bdi>{difference.url}</bdi>
                  {difference.times > 1 && <span class="soft"> ({difference.times} times)</span>}
                </p>
                <div class="opinions">
                  <OpinionBox who="live" opinion={difference.live} />
                  <OpinionBox who="shadow" opinion={difference.mirror} />
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function OpinionBox({ who, opinion }: { readonly who: string; readonly opinion: Opinion }) {
  const { verdict, decidedBy = "model", probability, explanation } = opinion;
  const parts = explanation?.parts ?? [];
  return (
    <div>
      <p>
        {who}: <strong class={verdict.toLowerCase()}>{verdict}</strong>{" "}
        {decidedBy !== "model" && `by the ${decidedBy.replaceAll("-", " ")}, the model alone `}
        {formatScore(probability)}
      </p>
      {parts.length === 0 ? (
        <p class="soft">No explanation was asked for.</p>
      ) : (
        <ul class="parts">
          {parts.map(({ text, weight }) => (
            <li>
              <bdi>{text}</bdi> <span class="weight">{formatScore(weight, { signed: true })}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
