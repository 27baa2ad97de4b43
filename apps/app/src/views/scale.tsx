/** @jsxImportSource hono/jsx */
import { formatApart } from "../natural-frequency.ts";

interface ScaleProps {
  readonly probability: number;
  readonly threshold: number;
  readonly band: { readonly low: number; readonly high: number };
  /** The score did not decide, so that its line has no colours of a verdict. */
  readonly isNeutral: boolean;
}

const at = (share: number) => `${(share * 100).toFixed(2)}%`;

/**
 * The score on a line from 0 to 100 %: the unsure band hatched, the threshold a tick, the score a float.
 *
 * Places are SVG attributes in per cent: the CSP allows no style attribute, and text keeps its size.
 */
export function Scale({ probability, threshold, band, isNeutral }: ScaleProps) {
  const format = formatApart([probability, threshold, band.low]);
  const label = `Score ${format(probability)} on a scale from 0 to 100%; unsure from ${format(band.low)} to ${format(band.high)}, phishing from ${format(threshold)}`;
  return (
    <svg
      class={isNeutral ? "scale neutral" : "scale"}
      role="img"
      aria-label={label}
      width="100%"
      height="64"
    >
      <Paints />
      <rect class="water legitimate" x="0" y="34" width={at(band.low)} height="10" />
      <rect
        class="water unsure"
        x={at(band.low)}
        y="34"
        width={at(band.high - band.low)}
        height="10"
      />
      <rect
        x={at(band.low)}
        y="34"
        width={at(band.high - band.low)}
        height="10"
        fill="url(#hatch)"
      />
      <rect class="water phishing" x={at(threshold)} y="34" width={at(1 - threshold)} height="10" />
      <line class="tick" x1={at(threshold)} x2={at(threshold)} y1="29" y2="49" />
      <line class="line" x1={at(probability)} x2={at(probability)} y1="0" y2="30" />
      <circle class="float" cx={at(probability)} cy="39" r="9" fill="url(#float)" />
      <text class="end" x="0" y="62">
        0%
      </text>
      <text class="end" x="100%" y="62" text-anchor="end">
        100%
      </text>
    </svg>
  );
}

/** The hatching of the unsure band, and the two colours of the float. */
function Paints() {
  return (
    <defs>
      <pattern
        id="hatch"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="hatch-line" width="2" height="6" />
      </pattern>
      <linearGradient id="float" x2="0" y2="1">
        <stop class="float-top" offset="50%" />
        <stop class="float-bottom" offset="50%" />
      </linearGradient>
    </defs>
  );
}
