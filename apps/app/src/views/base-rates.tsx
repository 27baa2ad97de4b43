/** @jsxImportSource hono/jsx */
import type { ModelAnswer } from "../model-answer.ts";
import { toNaturalFrequency } from "../natural-frequency.ts";

// A hundred places in five rows; drawn as two outlines, a hundred elements would be half the page.
const DOTS = Array.from({ length: 100 }, (_, index) => ({
  x: (index % 20) * 10 + 5,
  y: Math.floor(index / 20) * 10 + 5,
}));
const SQUARES = DOTS.map(({ x, y }) => `M${x - 3.5} ${y - 3.5}h7v7h-7Z`);
const CIRCLES = DOTS.map(({ x, y }) => `M${x - 2.6} ${y}a2.6 2.6 0 1 1 0 .01Z`);

interface BaseRatesProps {
  readonly rates: ModelAnswer["atBaseRate"];
}

/** The score carried over to places where phishing is rare, counted in links instead of per cent. */
export function BaseRates({ rates }: BaseRatesProps) {
  if (rates.length === 0) return null;
  return (
    <div class="card base-rates">
      <h3>What the score means where phishing is rare</h3>
      <p>
        Among the links that the score was tested on far more are phishing than among those in your
        mail. The rarer phishing is, the more links with this very score are harmless:
      </p>
      <ul>
        {rates.map(({ baseRate, probability }) => (
          <li>
            <BaseRate baseRate={baseRate} probability={probability} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function BaseRate({
  baseRate,
  probability,
}: {
  readonly baseRate: number;
  readonly probability: number;
}) {
  const { about, count, of } = toNaturalFrequency(probability);
  const shown = Math.round(probability * 100);
  return (
    <>
      <p>
        Where <strong>1 in {Math.round(1 / Math.max(baseRate, 1e-6)).toLocaleString("en")}</strong>{" "}
        links is phishing, {about}{" "}
        <strong>
          {count.toLocaleString("en")} of {of.toLocaleString("en")}
        </strong>{" "}
        links with this score are phishing.
      </p>
      <svg class="dots" viewBox="0 0 200 50" aria-hidden="true" focusable="false">
        <path class="dot-phishing" d={SQUARES.slice(0, shown).join("")} />
        <path class="dot-legitimate" d={CIRCLES.slice(shown).join("")} />
      </svg>
    </>
  );
}
