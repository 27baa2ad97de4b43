import { failure } from "../errors.ts";

import type { Extract } from "../source.ts";
import { readAll, readLines } from "../text.ts";
import { type Found, findInCsv, readCsv } from "./csv.ts";
import { findInJson } from "./json.ts";
import { parseLinks } from "./links.ts";
import { parseListLine } from "./list.ts";

/** A JSON file is read whole; above this many characters it is refused. */
const MAX_JSON = 64 * 2 ** 20;

/**
 * The addresses of one file of a source, as they stand there. Lists, links and CSV are read as they
 * come and hold a line or a record; JSON is held whole, up to 64 Mi characters.
 */
export async function* extract(
  text: AsyncIterable<string>,
  how: Extract,
): AsyncGenerator<Found, void, undefined> {
  switch (how.kind) {
    case "list":
      for await (const line of readLines(text)) {
        const url = parseListLine(line, how.after);
        if (url !== undefined) yield { url };
      }
      return;
    case "links":
      for await (const line of readLines(text)) for (const url of parseLinks(line)) yield { url };
      return;
    case "csv":
      yield* findInCsv(readCsv(text), how);
      return;
    case "json": {
      const whole = await readAll(text, MAX_JSON);
      if (whole === undefined) throw failure("DATA_UNREADABLE", "Cannot read JSON: over 64 MiB");
      for (const url of findInJson(whole, how)) yield { url };
    }
  }
}
