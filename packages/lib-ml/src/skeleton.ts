import { domainToUnicode } from "node:url";

// Letters that look like an ASCII letter, after NFKD and lower-casing: from the Unicode confusables
// (UTS #39), the Cyrillic, Greek, Armenian, Latin and Cherokee ones that occur in look-alike names.
const LOOKS: readonly (readonly [string, string])[] = [
  ["a", "аαɑạⱥᴀ"],
  ["b", "ЬьƅвɓЪʙ"],
  ["c", "сϲᴄƈↄ"],
  ["d", "ԁɗđƌժᴅ"],
  ["e", "еєҽɛεəěẹᴇ"],
  ["f", "ƒẝϝք"],
  ["g", "ɡցǥɠ"],
  ["h", "һհħнɦʜ"],
  ["i", "іιıɩɪӏї"],
  ["j", "јϳʝɉ"],
  ["k", "кκƙĸҝқ"],
  ["l", "ⅼłƚɫɭӀŀ"],
  ["m", "мɱⅿ"],
  ["n", "пոռηƞɲŋи"],
  ["o", "оοσօøɵөဝ০०"],
  ["p", "рρϼƥþ"],
  ["q", "ԛգզɋ"],
  ["r", "гɼɽᴦɾř"],
  ["s", "ѕʂꜱş"],
  ["t", "тτƭŧţ"],
  ["u", "υսʋꞟцᴜ"],
  ["v", "νѵᴠⅴ"],
  ["w", "ԝωѡшɯᴡա"],
  ["x", "хχⅹ×"],
  ["y", "уγүყʏ"],
  ["z", "ᴢƶȥʐ"],
  ["ss", "ß"],
  ["ae", "æ"],
  ["oe", "œ"],
];

const ASCII_OF = new Map(
  LOOKS.flatMap(([ascii, letters]) => [...letters].map((letter) => [letter, ascii] as const)),
);

/**
 * What an internationalised label looks like in ASCII: accents dropped, look-alikes replaced. A
 * label in a script that does not look like ASCII stays as it is (`xn--…`).
 */
export function buildSkeleton(label: string): string {
  if (!label.startsWith("xn--")) return label;
  const unicode = domainToUnicode(label);
  let skeleton = "";
  for (const letter of unicode.normalize("NFKD").toLowerCase()) {
    if (/\p{M}/u.test(letter)) continue;
    const ascii = letter.charCodeAt(0) < 0x80 ? letter : ASCII_OF.get(letter);
    if (ascii === undefined) return label;
    skeleton += ascii;
  }
  return /^[a-z0-9_-]+$/.test(skeleton) ? skeleton : label;
}
