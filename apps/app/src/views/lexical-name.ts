// What lib-ml calls its measures of a whole URL, in words; the number behind most of them is the
// place of a bucket, which says nothing to a reader. Behind these three it says which.
const TRAITS: Readonly<Record<string, string>> = {
  "flag 0": "a port is given",
  "flag 1": "the host is written in Punycode",
  "flag 2": "the host is an IP address",
  "flag 3": "the host is an IP address in an odd notation",
  "flag 4": "anyone can put a site on this host",
  "depth 0": "a host without a path",
  "depth 1": "a path without a query",
  "depth 2": "there is a query",
  "path trait 1": "an empty name in the path",
  "path trait 2": "a hidden name in the path",
  "path trait 3": "an @ in the query",
  "path trait 4": "a dot in the path",
  "path trait 5": "a capital after a small letter in the path",
  "path trait 6": "a long hexadecimal code in the path",
  "path trait 7": "a long code in the path",
  "suffix inside 0": "no ending such as “com” inside the host",
  "suffix inside 1": "an ending such as “com” inside the host",
  "digit at an end 0": "no digit at an end of the site’s name",
  "digit at an end 1": "the site’s name begins with a digit",
  "digit at an end 2": "the site’s name ends in a digit",
};

const MEASURES: Readonly<Record<string, string>> = {
  "host length": "length of the host",
  "host digits": "digits in the host",
  "host hyphens": "hyphens in the host",
  "host dots": "dots in the host",
  "site length": "length of the site’s name",
  "site vowel share": "share of vowels in the site’s name",
  "letter–digit changes": "changes between letters and digits in the host",
  "site consonant run": "consonants in a row in the site’s name",
  "site entropy": "how mixed the letters of the site’s name are",
  "site digit run": "digits in a row in the site’s name",
  "site digits": "digits in the site’s name",
  "site hyphens": "hyphens in the site’s name",
  "subdomain length": "length of what stands before the site’s name",
  "longest word": "longest word of the host",
  "path length": "length of the path",
  "path depth": "depth of the path",
  "path digits": "digits in the path",
  "path capitals": "capitals in the path",
  "path escapes": "escaped characters in the path",
  "path @": "@ signs in the path",
  "query length": "length of the query",
  "query parameters": "number of query parameters",
  "url length": "length of the URL",
};

/** A measure of the whole URL in words; a name that is new to us stays as the model gave it. */
export function describeLexical(name: string): string {
  return TRAITS[name] ?? MEASURES[name.replace(/ \d+$/, "")] ?? name;
}
