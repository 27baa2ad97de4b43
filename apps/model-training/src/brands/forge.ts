// Makes look-alikes of a brand, for tests of the rule that must find them. The ways are those of
// dnstwist and of the combosquatting study of Kintis et al. (CCS 2017); the tables are not those of the rule.
import type { Brand } from "@hookline/lib-ml";

export type Forgery = "homoglyph" | "unicode" | "edit" | "combination" | "subdomain";

export interface Forged {
  readonly kind: Forgery;
  readonly brand: string;
  readonly url: string;
}

type Table = Readonly<Record<string, readonly string[]>>;

const ASCII: Table = {
  a: ["4"],
  b: ["8", "6"],
  d: ["cl"],
  e: ["3"],
  g: ["9", "q"],
  i: ["1", "l"],
  l: ["1", "i"],
  m: ["rn", "nn"],
  o: ["0"],
  s: ["5"],
  t: ["7"],
  w: ["vv"],
  z: ["2"],
};

const UNICODE: Readonly<Record<string, string>> = {
  a: "а",
  c: "с",
  e: "е",
  i: "і",
  o: "о",
  p: "р",
  s: "ѕ",
  x: "х",
  y: "у",
};

const NEIGHBOURS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

// The words most often found beside brands by Kintis et al. (2017), table 4, and in feeds of 2026.
const WORDS = [
  ...["support", "login", "secure", "account", "verify", "update", "security", "billing", "signin"],
  ...["customer-service", "alert", "unlock", "confirm", "recovery", "refund", "auth", "wallet"],
];

const ENDINGS = ["com", "net", "info", "xyz", "top", "online", "site", "co"];
const HOSTS = ["cheap-shoes", "qwhjzk", "web-hosting24", "mynewblog", "cdn-static"];

/** A slip of a shorter name is another name (`ups`, `ubs`), of a common word another word (`chase`, `phase`). */
const SHORTEST_EDIT = { common: 6, other: 5 } as const;
/** A digit in a shorter name is no disguise (`n26`). */
const SHORTEST_HOMOGLYPH = 5;

/** Look-alikes of one brand: every kind that its name allows, with `random` choosing among the ways. */
export function forgeLookalikes(brand: Brand, random: () => number): readonly Forged[] {
  const domain = brand.domains[0] ?? "";
  const name = domain.slice(0, domain.indexOf("."));
  const pick = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random() * items.length)];
  const ending = () => pick(ENDINGS) ?? "com";
  const make = (kind: Forgery, host: string | undefined): Forged[] =>
    host === undefined ? [] : [{ kind, brand: brand.name, url: `https://${host}/` }];

  const glyphs: Table = name.length < SHORTEST_HOMOGLYPH ? {} : ASCII;
  const homoglyph = pick(listReplacements(name, (letter) => glyphs[letter] ?? []));
  const unicode = pick(listReplacements(name, (letter) => UNICODE[letter] ?? []));
  const least = SHORTEST_EDIT[brand.commonWord === true ? "common" : "other"];
  const edit = pick(name.length < least ? [] : listEdits(name));
  const word = pick(WORDS) ?? "";
  const combination = pick([
    `${name}-${word}`,
    `${word}-${name}`,
    `${name}${word}`,
    `${word}${name}`,
  ]);
  const subdomain = pick([
    `${domain}.${pick(HOSTS)}.${ending()}`,
    `${domain}-${word}.${ending()}`,
    `www.${domain}.${word}.${pick(HOSTS)}.${ending()}`,
    `${name}.${word}.${pick(HOSTS)}.${ending()}`,
    `${name}-${word}.${pick(HOSTS)}.${ending()}`,
  ]);
  return [
    ...make("homoglyph", homoglyph && `${homoglyph}.${ending()}`),
    ...make("unicode", unicode && `${unicode}.${ending()}`),
    ...make("edit", edit && `${edit}.${ending()}`),
    ...make("combination", combination && `${combination}.${ending()}`),
    ...make("subdomain", subdomain),
  ];
}

function listReplacements(name: string, replace: (letter: string) => Iterable<string>): string[] {
  return [...name].flatMap((letter, at) =>
    [...replace(letter)].map((other) => name.slice(0, at) + other + name.slice(at + 1)),
  );
}

/** A letter left out, doubled, swapped with the next, or replaced by its neighbour on the keyboard. */
function listEdits(name: string): string[] {
  const edits = [...name].flatMap((letter, at) => {
    const [before, after] = [name.slice(0, at), name.slice(at + 1)];
    const row = NEIGHBOURS.find((keys) => keys.includes(letter)) ?? "";
    const place = row.indexOf(letter);
    const keys = [row[place - 1], row[place + 1]].filter((key) => key !== undefined);
    const next = after[0] ?? "";
    return [
      before + after,
      before + letter + letter + after,
      before + next + letter + after.slice(1),
      ...keys.map((key) => before + key + after),
    ];
  });
  return edits.filter((edit) => edit !== name);
}
