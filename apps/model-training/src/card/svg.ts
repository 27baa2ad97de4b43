// Small line charts as SVG text: no script, no outside font, legible on light and dark.

export interface Axis {
  readonly label: string;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Where a value lies along the axis, from 0 to 1. */
  readonly place: (value: number) => number;
}

export interface Chart {
  readonly title: string;
  /** What the picture shows, in words, for those who do not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly string[];
  readonly legend: readonly { readonly text: string; readonly mark: "a" | "b" }[];
}

const WIDTH = 640;
const HEIGHT = 400;
const PLOT = { left: 64, top: 48, width: 552, height: 288 } as const;

// Blue and orange of Okabe and Ito's palette, which the colour-blind can tell apart; b is dashed too.
const STYLE = `
  svg { background: #ffffff; font: 13px system-ui, sans-serif; }
  text { fill: #1b1f24; } .dim { fill: #57606a; }
  .grid { stroke: #d0d7de; } .frame { fill: none; stroke: #57606a; }
  .line { fill: none; stroke-width: 2.5; } .guide { stroke: #57606a; stroke-dasharray: 2 4; }
  .line.a { stroke: #0072b2; } .line.b { stroke: #b34700; stroke-dasharray: 8 4; }
  .fill.a { fill: #0072b2; } .fill.b { fill: #b34700; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; } text { fill: #e6edf3; } .dim { fill: #9da7b3; }
    .grid { stroke: #30363d; } .frame { stroke: #9da7b3; } .guide { stroke: #9da7b3; }
    .line.a { stroke: #56b4e9; } .line.b { stroke: #ff9e4a; }
    .fill.a { fill: #56b4e9; } .fill.b { fill: #ff9e4a; }
  }`;

/** The chart as an SVG document. */
export function renderChart(chart: Chart): string {
  const { left, top, width, height } = PLOT;
  const middle = left + width / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title description">
<title id="title">${escapeText(chart.title)}</title>
<desc id="description">${escapeText(chart.description)}</desc>
<style>${STYLE}
</style>
<rect class="frame" x="${left}" y="${top}" width="${width}" height="${height}"/>
${renderTicks(chart.x, chart.y)}
${chart.marks.join("\n")}
<text x="${left}" y="22" font-weight="600">${escapeText(chart.title)}</text>
${renderLegend(chart.legend)}
<text class="dim" x="${middle}" y="${HEIGHT - 14}" text-anchor="middle">${escapeText(chart.x.label)}</text>
<text class="dim" x="18" y="${top + height / 2}" text-anchor="middle" transform="rotate(-90 18 ${top + height / 2})">${escapeText(chart.y.label)}</text>
</svg>
`;
}

function renderTicks(x: Axis, y: Axis): string {
  const { left, top, width, height } = PLOT;
  const across = x.ticks.map(({ at, text }) => {
    const place = toX(x, at);
    return `<line class="grid" x1="${place}" y1="${top}" x2="${place}" y2="${top + height}"/><text class="dim" x="${place}" y="${top + height + 18}" text-anchor="middle">${escapeText(text)}</text>`;
  });
  const up = y.ticks.map(({ at, text }) => {
    const place = toY(y, at);
    return `<line class="grid" x1="${left}" y1="${place}" x2="${left + width}" y2="${place}"/><text class="dim" x="${left - 8}" y="${place + 4}" text-anchor="end">${escapeText(text)}</text>`;
  });
  return [...across, ...up].join("\n");
}

function renderLegend(legend: Chart["legend"]): string {
  return legend
    .map(({ text, mark }, row) => {
      const x = PLOT.left + PLOT.width - 250 + row * 130;
      return `<line class="line ${mark}" x1="${x}" y1="18" x2="${x + 26}" y2="18"/><text x="${x + 32}" y="22">${escapeText(text)}</text>`;
    })
    .join("\n");
}

/** A line through points given in the units of the axes. */
export function drawLine(
  points: readonly (readonly [number, number])[],
  axes: { readonly x: Axis; readonly y: Axis },
  mark: "a" | "b",
): string {
  const path = points.map(([x, y]) => `${toX(axes.x, x)},${toY(axes.y, y)}`).join(" ");
  return `<polyline class="line ${mark}" points="${path}"/>`;
}

/** A dot at a point given in the units of the axes. */
export function drawDot(
  [x, y]: readonly [number, number],
  axes: { readonly x: Axis; readonly y: Axis },
  mark: "a" | "b",
): string {
  return `<circle class="fill ${mark}" cx="${toX(axes.x, x)}" cy="${toY(axes.y, y)}" r="4"/>`;
}

/** A dotted line between two points, for what is not data. */
export function drawGuide(
  from: readonly [number, number],
  to: readonly [number, number],
  axes: { readonly x: Axis; readonly y: Axis },
): string {
  return `<line class="guide" x1="${toX(axes.x, from[0])}" y1="${toY(axes.y, from[1])}" x2="${toX(axes.x, to[0])}" y2="${toY(axes.y, to[1])}"/>`;
}

/** A word beside a point. */
export function drawText(
  text: string,
  [x, y]: readonly [number, number],
  axes: { readonly x: Axis; readonly y: Axis },
): string {
  return `<text class="dim" x="${round(toX(axes.x, x) + 5)}" y="${round(toY(axes.y, y) + 14)}">${escapeText(text)}</text>`;
}

function toX(axis: Axis, value: number): number {
  return round(PLOT.left + clamp(axis.place(value)) * PLOT.width);
}

function toY(axis: Axis, value: number): number {
  return round(PLOT.top + (1 - clamp(axis.place(value))) * PLOT.height);
}

function clamp(place: number): number {
  return Math.min(1, Math.max(0, place));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
