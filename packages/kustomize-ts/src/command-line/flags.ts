/** What a flag takes: nothing, a value, or a value each time it is given (`csv` parts it at commas). */
export interface FlagSpec {
  readonly kind: "boolean" | "string" | "list" | "csv";
  readonly about: string;
  readonly short?: string;
  /** How the help names the value. */
  readonly value?: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** The words of a command line, parted into flags and what is not one. */
export interface Flags {
  readonly positional: readonly string[];
  readonly has: (name: string) => boolean;
  readonly isOn: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
}

/** Reads words as pflag does: `--name value`, `--name=value`, `-n value`, `-nvalue`, `--`. Throws RangeError. */
export function parseFlags(words: readonly string[], specs: FlagSpecs): Flags {
  const values = new Map<string, string[]>();
  const positional: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      positional.push(...rest.splice(0));
    } else if (!word.startsWith("-") || word === "-") {
      positional.push(word);
    } else {
      const { name, value } = readFlag(word, specs, rest);
      const spec = specs[name];
      const added = spec?.kind === "csv" ? value.split(",") : [value];
      values.set(name, [...(values.get(name) ?? []), ...added]);
    }
  }
  return {
    positional,
    has: (name) => values.has(name),
    isOn: (name) => values.get(name)?.at(-1) === "true",
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
}

function readFlag(
  word: string,
  specs: FlagSpecs,
  rest: string[],
): { readonly name: string; readonly value: string } {
  const [head, inline] = splitFlag(word, specs);
  const name = head.startsWith("--") ? head.slice(2) : longName(head.slice(1), specs);
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) {
    throw new RangeError(
      head.startsWith("--")
        ? `unknown flag: ${head}`
        : `unknown shorthand flag: '${head.charAt(1)}' in ${word}`,
    );
  }
  if (spec.kind === "boolean") {
    return { name, value: readBoolean({ name, spec }, inline ?? "true") };
  }
  const value = inline ?? rest.shift();
  if (value === undefined) {
    throw new RangeError(
      `flag needs an argument: ${head.startsWith("--") ? head : `'${head.charAt(1)}' in ${word}`}`,
    );
  }
  return { name, value };
}

/** A flag and the value written in the same word. */
function splitFlag(word: string, specs: FlagSpecs): readonly [string, string | undefined] {
  if (!word.startsWith("--") && word.length > 2) {
    const name = longName(word.charAt(1), specs);
    const inline = word.slice(2).replace(/^=/, "");
    return [word.slice(0, 2), specs[name] === undefined ? undefined : inline];
  }
  const equals = word.indexOf("=");
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function longName(short: string, specs: FlagSpecs): string {
  return Object.entries(specs).find(([, spec]) => spec.short === short)?.[0] ?? "";
}

/** As Go's `strconv.ParseBool`. */
function readBoolean(
  { name, spec }: { readonly name: string; readonly spec: FlagSpec },
  value: string,
): string {
  if (/^(1|[tT]|true|TRUE|True)$/.test(value)) {
    return "true";
  }
  if (/^(0|[fF]|false|FALSE|False)$/.test(value)) {
    return "false";
  }
  const flag = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
  throw new RangeError(
    `invalid argument "${value}" for "${flag}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
  );
}

/** The help lines of flags: name, value, what it does. */
export function describeFlags(specs: FlagSpecs): string {
  const rows = Object.entries(specs).map(([name, spec]) => {
    const value = spec.kind === "boolean" ? "" : ` ${spec.value ?? "VALUE"}`;
    return [
      `  ${spec.short === undefined ? "    " : `-${spec.short}, `}--${name}${value}`,
      spec.about,
    ] as const;
  });
  const width = Math.max(0, ...rows.map(([head]) => head.length));
  return rows.map(([head, about]) => `${head.padEnd(width)}  ${about}\n`).join("");
}
