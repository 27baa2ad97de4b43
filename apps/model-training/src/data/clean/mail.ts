import { hash, SALT } from "../hash.ts";

// Plain, with an encoded @, and as the masks that feeds put in place of an address.
const MAIL = /[a-z0-9._+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:(?:\.|%2e)[a-z0-9-]{1,63})*/gi;
const FIRST =
  "ba be bi da de di fa ga go ha jo ka ke la le lo ma me mi na ni pa ra ro sa ta te va".split(" ");
const LAST =
  "ben bert den der din gar ger kel ker lan las len lin man mer min nan ner nes ran ras ren ric ros sen son tan ter ton vin".split(
    " ",
  );
// RFC 2606 §3: nobody has an address there.
const HOSTS = ["example.com", "example.net", "example.org"] as const;

/**
 * Replaces e-mail addresses after the host: they are of the victims. An invented one that keeps the way
 * the @ was written takes the place, chosen by hash (2,352 names, so that a model cannot learn a list).
 * Not found: addresses in base64.
 */
export function hideMail(tail: string): string {
  return tail.replace(MAIL, (address) => {
    const at = /%40/.test(address) ? "%40" : "@";
    const h = hash(address.toLowerCase(), SALT.name);
    const name = pick(FIRST, h) + pick(LAST, h >>> 8);
    return `${name}${at}${pick(HOSTS, h >>> 16)}`;
  });
}

function pick(list: readonly string[], number: number): string {
  return list[number % list.length] ?? "";
}
