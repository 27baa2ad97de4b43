import { fileURLToPath } from "node:url";
import { readSources } from "../data/source.ts";

/** Sources of the shared data that cannot be downloaded as one file and so are not in data/sources.json. */
const OTHERS: Readonly<Record<string, string>> = {
  ebbu2017: "none stated",
  esdaung: "none stated",
  hn_history: "none stated",
  phishtank_2018_19: "none stated (PhishTank's terms)",
  top_news: "none stated",
};

const SOURCES = fileURLToPath(new URL("../data/sources.json", import.meta.url));

/** Gives the licence under which a source publishes; "not known" for a name that is in no list. */
export async function readLicences(): Promise<(source: string) => string> {
  const listed = await readSources(SOURCES);
  const known = new Map(Object.entries(OTHERS));
  for (const { name, licence } of listed) known.set(name, licence);
  return (source) => known.get(source) ?? "not known";
}
