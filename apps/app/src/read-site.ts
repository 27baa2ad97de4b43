import { parse } from "tldts";
import { readHost } from "./read-host.ts";

/** Whose page a link is on, as far as its name says. */
export type Site =
  /** The name that somebody registered, as it is written: `example.net` of `www.example.net`. */
  | { readonly kind: "registered"; readonly name: string }
  /** No public name ends so (`lan` of `printer.lan`), by the public suffix list as tldts has it. */
  | { readonly kind: "not public"; readonly ending: string };

/** The site of a URL; undefined for an IP address, a name without a dot, and a public suffix itself. */
export function readSite(url: string): Site | undefined {
  const host = readHost(url);
  if (host === undefined || !host.ascii.includes(".")) return undefined;
  const { domain, publicSuffix, isIcann, isPrivate } = parse(host.ascii, {
    allowPrivateDomains: true,
  });
  if (domain === null || publicSuffix === null) return undefined;
  if (!isIcann && !isPrivate) return { kind: "not public", ending: publicSuffix };
  const labels = host.written.replace(/\.$/, "").split(".");
  const name = labels.slice(-domain.split(".").length).join(".");
  return { kind: "registered", name };
}
