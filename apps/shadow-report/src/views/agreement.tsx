/** @jsxImportSource hono/jsx */

import { formatAmount, formatCount } from "../format-amount.ts";
import { VERDICTS } from "../pairing/pair.ts";
import type { Summary } from "../summary.ts";
import { formatMs, formatScore, formatShare } from "./format.ts";

/** The share of pairs with one verdict of three, the table of them, and what was not compared. */
export function Agreement({ summary }: { readonly summary: Summary }) {
  const { agreement, pairs, confusion, unpaired, notCounted } = summary;
  const { interval } = agreement;
  return (
    <section class="card" aria-labelledby="agreement">
      <h2 id="agreement">Agreement</h2>
      <p class="figure">{formatShare(agreement.share)}</p>
      <p>
        of {formatAmount(pairs, "pair")} got one verdict; 95 % interval {formatShare(interval.low)}{" "}
        to {formatShare(interval.high)} (Wilson).
      </p>
      <Confusion confusion={confusion} />
      <p class="soft">
        Not paired: {formatShare(unpaired.share)} of the requests ({formatCount(unpaired.live)}{" "}
        without a mirror, {formatCount(unpaired.mirror)} without a live one). Not counted:{" "}
        {formatCount(notCounted.conflicting)} whose reports contradict each other,{" "}
        {formatCount(notCounted.evicted)} for want of room.
      </p>
    </section>
  );
}

function Confusion({ confusion }: Pick<Summary, "confusion">) {
  return (
    <table>
      <caption>Pairs by verdict</caption>
      <thead>
        <tr>
          <th scope="col">Live says</th>
          {VERDICTS.map((verdict) => (
            <th scope="col">shadow: {verdict.toLowerCase()}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {VERDICTS.map((live) => (
          <tr>
            <th scope="row">{live.toLowerCase()}</th>
            {VERDICTS.map((mirror) => {
              const count = confusion[live][mirror];
              const differs = live !== mirror && count > 0;
              return <td class={differs ? "differs" : undefined}>{formatCount(count)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How long the two took. */
export function Latencies({ summary }: { readonly summary: Summary }) {
  const { live, mirror, difference } = summary.latencyMs;
  return (
    <section class="card" aria-labelledby="latency">
      <h2 id="latency">Time to an answer</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">median</th>
            <th scope="col">95 %</th>
            <th scope="col">99 %</th>
          </tr>
        </thead>
        <tbody>
          {[
            { name: "live", times: live },
            { name: "shadow", times: mirror },
          ].map(({ name, times }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{formatMs(times.median)}</td>
              <td>{formatMs(times.p95)}</td>
              <td>{formatMs(times.p99)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft">
        Shadow less live, pair by pair: median {formatMs(difference.median, { signed: true })}, from{" "}
        {formatMs(difference.p5, { signed: true })} to {formatMs(difference.p95, { signed: true })}{" "}
        in nine of ten pairs.
      </p>
    </section>
  );
}

/** How far the scores are apart: one bar for each step of 0.05, its height by the logarithm of its pairs. */
export function Scores({ summary }: { readonly summary: Summary }) {
  const { score, pairs } = summary;
  // The edges around: a difference is known no closer than its step, and most are in one.
  const { p5 = -1, p95 = 1 } = score;
  const lowest = score.steps.findLast((step) => step.from <= p5)?.from;
  const highest = score.steps.find((step) => step.to >= p95)?.to;
  return (
    <section class="card" aria-labelledby="scores">
      <h2 id="scores">Difference of score</h2>
      <Bars score={score} />
      <p class="soft">
        Shadow less live over {formatAmount(pairs, "pair")}: mean{" "}
        {formatScore(score.mean, { signed: true })}, standard deviation{" "}
        {formatScore(score.standardDeviation)}, nine of ten between{" "}
        {formatScore(lowest, { signed: true })} and {formatScore(highest, { signed: true })} (in
        steps of 0.05). The heights are logarithms.
      </p>
    </section>
  );
}

function Bars({ score }: Pick<Summary, "score">) {
  const most = Math.max(1, ...score.steps.map(({ count }) => Math.log1p(count)));
  const width = 100 / score.steps.length;
  const label = `Differences of score, shadow less live: median ${formatScore(score.median)}`;
  return (
    <svg role="img" aria-label={label} width="100%" height="132">
      {score.steps.map(({ count, from, to }, i) => {
        const height = count === 0 ? 0 : Math.max(2, (110 * Math.log1p(count)) / most);
        return (
          <rect
            class={Math.abs(from + to) < 0.11 ? "bar same" : "bar"}
            x={`${(i * width + 0.15).toFixed(2)}%`}
            y={112 - height}
            width={`${(width - 0.3).toFixed(2)}%`}
            height={height}
          >
            <title>{`${formatScore(from)} to ${formatScore(to)}: ${formatCount(count)}`}</title>
          </rect>
        );
      })}
      <line class="axis" x1="0" x2="100%" y1="112.5" y2="112.5" />
      <text x="0" y="129">
        −1: live only warns
      </text>
      <text x="50%" y="129" text-anchor="middle">
        0
      </text>
      <text x="100%" y="129" text-anchor="end">
        shadow only: +1
      </text>
    </svg>
  );
}
