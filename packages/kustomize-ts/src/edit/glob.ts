/** Whether `name` matches a pattern of Go's path/filepath.Match: `*`, `?`, `[a-z]`, `[^a]`, `\`; `*` stops at `/`. */
export function matchesGlob(pattern: string, name: string): boolean {
  return new RegExp(`^${globSource(pattern)}$`, "su").test(name);
}

/** Whether a pattern holds anything but plain characters. */
export function hasGlob(pattern: string): boolean {
  return /[*?[\\]/.test(pattern);
}

function globSource(pattern: string): string {
  const letters = [...pattern];
  let source = "";
  for (let index = 0; index < letters.length; index += 1) {
    const letter = letters[index] ?? "";
    if (letter === "*") {
      source += "[^/]*";
    } else if (letter === "?") {
      source += "[^/]";
    } else if (letter === "[") {
      const end = classEnd(letters, index);
      source += classSource(letters.slice(index + 1, end));
      index = end;
    } else if (letter === "\\") {
      index += 1;
      source += escaped(letters[index] ?? badPattern());
    } else {
      source += escaped(letter);
    }
  }
  return source;
}

function classEnd(letters: readonly string[], start: number): number {
  const end = letters.indexOf("]", start + 2);
  return end === -1 ? badPattern() : end;
}

function classSource(letters: readonly string[]): string {
  const negated = letters[0] === "^";
  const inside = (negated ? letters.slice(1) : letters).map((letter) =>
    letter === "-" ? letter : escaped(letter),
  );
  return inside.length === 0 ? badPattern() : `[${negated ? "^/" : ""}${inside.join("")}]`;
}

function escaped(letter: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(letter) ? `\\${letter}` : letter;
}

function badPattern(): never {
  throw new TypeError("error checking the filesystem: syntax error in pattern");
}
