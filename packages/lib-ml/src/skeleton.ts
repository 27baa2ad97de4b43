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

// More of them, with those of dnstwist, for the brand rule only: what a model reads of a host with one must
// stay what it was trained on.
const MORE_LOOKS: readonly (readonly [string, string])[] = [
  ...LOOKS,
  ["c", "ⲥꮯ"],
  ["d", "ɖ"],
  ["e", "ɇ℮ꬲ"],
  ["f", "ꞙꬵ"],
  ["g", "ɢԍᶃƍ"],
  ["h", "ⱨ"],
  ["i", "ɨꭵꙇ"],
  ["k", "ᴋⱪ"],
  ["l", "ǀ"],
  ["m", "ᴍ"],
  ["n", "ꞑ"],
  ["o", "ᴏᴑⲟꬽ〇੦૦୦௦౦೦൦๐໐၀"],
  ["p", "ƿⲣ"],
  ["q", "ʠ"],
  ["r", "ʀɍⲅꭇꭈꮁ"],
  ["s", "ƽꮪ"],
  ["t", "ƫ"],
  ["u", "ʉꭎꭒ"],
  ["v", "ⱱⱴꮩ"],
  ["w", "ⱳꮃ"],
  ["y", "ɏƴỿᶌɣꭚ"],
  ["z", "ⱬꮓ"],
];

const ASCII_OF = mapLetters(LOOKS);
const MORE_ASCII_OF = mapLetters(MORE_LOOKS);

function mapLetters(looks: typeof LOOKS): ReadonlyMap<string, string> {
  return new Map(
    looks.flatMap(([ascii, letters]) => [...letters].map((letter) => [letter, ascii])),
  );
}

/**
 * What an internationalised label looks like in ASCII: accents dropped, look-alikes replaced. A
 * label in a script that does not look like ASCII stays as it is (`xn--…`).
 */
export function buildSkeleton(label: string): string {
  return replaceLooks(label, ASCII_OF);
}

/** The same with more letters, some of which look like an ASCII one only at a glance. */
export function buildRoughSkeleton(label: string): string {
  return replaceLooks(label, MORE_ASCII_OF);
}

function replaceLooks(label: string, asciiOf: ReadonlyMap<string, string>): string {
  if (!label.startsWith("xn--")) return label;
  const unicode = domainToUnicode(label);
  let skeleton = "";
  for (const letter of unicode.normalize("NFKD").toLowerCase()) {
    if (/\p{M}/u.test(letter)) continue;
    const ascii = letter.charCodeAt(0) < 0x80 ? letter : asciiOf.get(letter);
    if (ascii === undefined) return label;
    skeleton += ascii;
  }
  return /^[a-z0-9_-]+$/.test(skeleton) ? skeleton : label;
}
