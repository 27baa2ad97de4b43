import { describe, expect, test } from "bun:test";
import { PAGE_STYLE } from "./page-style.ts";

type Palette = ReadonlyMap<string, string>;

function readColours(css: string): Palette {
  return new Map(
    [...css.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]),
  );
}

const [lightCss = "", darkCss = ""] = PAGE_STYLE.split("@media (prefers-color-scheme: dark)");
const LIGHT = readColours(lightCss);
const DARK = readColours(darkCss);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(palette: Palette, one: string, other: string): number {
  const [low = 0, high = 0] = [one, other]
    .map((name) => luminance(palette.get(name) ?? "none"))
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// Which colours meet, as text (4.5) or as drawing and outline (3), WCAG 2.2 success criteria 1.4.3 and 1.4.11.
const TEXT: [string, string][] = [
  ["ink", "paper"],
  ["ink", "card"],
  ["ink-soft", "paper"],
  ["ink-soft", "card"],
  ["accent", "paper"],
  ["accent", "card"],
  ["phishing", "card"],
  ["legitimate", "card"],
  ["unsure", "card"],
  ["unknown", "card"],
  ["phishing", "paper"],
  ["ink", "phishing-tint"],
  ["ink", "legitimate-tint"],
  ["phishing", "phishing-tint"],
  ["legitimate", "legitimate-tint"],
  ["unsure", "unsure-tint"],
  ["on-accent", "accent"],
  ["on-warm", "warm"],
  ["on-cool", "cool"],
];
const DRAWN: [string, string][] = [
  ["outline", "paper"],
  ["outline", "card"],
  ["warm", "paper"],
  ["cool", "paper"],
  ["accent", "paper"],
];

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("the colours in the %s scheme", (_, palette) => {
  test.each(TEXT)("%s on %s can be read", (text, ground) => {
    expect(contrast(palette, text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(DRAWN)("%s beside %s can be told apart", (drawing, ground) => {
    expect(contrast(palette, drawing, ground)).toBeGreaterThanOrEqual(3);
  });
});

test("both schemes have the same colours", () => {
  expect([...DARK.keys()]).toEqual([...LIGHT.keys()]);
});
