import { expect, test } from "bun:test";
import { resolve } from "node:path";

const WEB = resolve(import.meta.dirname, "../web");

test("no state of the page fades its text, which would take the contrast away", async () => {
  const sheets = [...new Bun.Glob("*.css").scanSync(WEB)];
  const texts = await Promise.all(sheets.map((name) => Bun.file(resolve(WEB, name)).text()));
  // What comes in by an animation is whole at its end.
  const faded = texts.join("").replace(/@keyframes [^{]+\{(?:[^{}]*\{[^}]*\})*\s*\}/g, "");
  expect(faded.match(/(?<![\w-])opacity:.*/g)).toBeNull();
});

test("the variants swap the colours of the two buttons and nothing else", async () => {
  const css = await Bun.file(resolve(WEB, "variants.css")).text();
  const read = (variant: string) =>
    /\{([^}]*)\}/
      .exec(css.slice(css.indexOf(`:root[data-variant="${variant}"]`)))?.[1]
      ?.trim()
      .split(/\s*;\s*/) ?? [];
  expect(read("v1").length).toBe(5);
  const swapped = read("v1").map((line) =>
    line.includes("warm") ? line.replace("warm", "cool") : line.replace("cool", "warm"),
  );
  expect(read("v2")).toEqual(swapped);
  const rest = css.slice(css.indexOf(':root[data-variant="v2"]')).replace(/^.*?\}/s, "");
  expect(rest.trim()).toBe("");
});
