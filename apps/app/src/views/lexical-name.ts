// What lib-ml calls its measures of a whole URL, in words; the number behind most of them is the
// place of a bucket, which says nothing to a reader.
const FLAGS: Readonly<Record<string, string>> = {
  "flags 0": "a port is given",
  "flags 1": "the host is written in Punycode",
  "flags 2": "the host is an IP address",
  "flags 3": "the host is an IP address in an odd notation",
  "flags 4": "anyone can put a site on this host",
};

const MEASURES: Readonly<Record<string, string>> = {
  "host length": "length of the host",
  "host digits": "digits in the host",
  "host hyphens": "hyphens in the host",
  "host dots": "dots in the host",
  "site length": "length of the site’s name",
  "site vowel share": "share of vowels in the site’s name",
  "path length": "length of the path",
  "path depth": "depth of the path",
  "path digits": "digits in the path",
  "query length": "length of the query",
  "query parameters": "number of query parameters",
  "url length": "length of the URL",
};

/** A measure of the whole URL in words; a name that is new to us stays as the model gave it. */
export function describeLexical(name: string): string {
  return FLAGS[name] ?? MEASURES[name.replace(/ \d+$/, "")] ?? name;
}
