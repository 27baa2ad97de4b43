import { expect, test } from "bun:test";
import { decodeWords } from "./decode-words.ts";

test.each([
  ["nothing encoded", "[FIRING:1] Slow", "[FIRING:1] Slow"],
  ["quoted", "=?utf-8?q?=5BFIRING=3A1=5D_Stra=C3=9Fe?=", "[FIRING:1] Straße"],
  ["base64, in capitals", "=?UTF-8?B?SGVsbG8g4pi6?=", "Hello ☺"],
  ["another charset", "=?iso-8859-1?Q?caf=E9?=", "café"],
  ["a language", "=?utf-8*de?q?gr=C3=BCn?=", "grün"],
  ["words among others", "Re: =?utf-8?q?=C3=A4?= and =?utf-8?q?=C3=B6?=!", "Re: ä and ö!"],
  ["space between two words", "=?utf-8?q?a?= \t =?utf-8?b?Yg==?=", "ab"],
  ["two charsets", "=?utf-8?q?=C3=A4?= =?iso-8859-1?q?=E4?=", "ää"],
  ["a character cut in two", "=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"],
  ["an unknown charset", "a =?klingon?q?Qapla?= =?utf-8?q?!?=", "a =?klingon?q?Qapla?=!"],
  ["what only looks like it", "=?utf-8?x?a?= =?utf-8?q?a b?=", "=?utf-8?x?a?= =?utf-8?q?a b?="],
  ["wrong bytes", "=?utf-8?q?=FF=GG?=", "\ufffd=GG"],
])("decodeWords() of %s", (_, text, expected) => {
  expect(decodeWords(text)).toBe(expected);
});
