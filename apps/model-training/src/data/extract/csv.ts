import { failure } from "../errors.ts";

const MAX_FIELD = 2 ** 20;

/** Which columns hold address and label, and which rows count. */
export interface CsvOptions {
  /** A name of the first row, or a number from 0 for a file without a header. */
  readonly column: string | number;
  readonly where?: { readonly column: number; readonly includes: string } | undefined;
  readonly labels?:
    | { readonly column: string; readonly phishing: string; readonly legitimate: string }
    | undefined;
}

/** An address found in a file; label where the file tells it, 1 for phishing. */
export interface Found {
  readonly url: string;
  readonly label?: 0 | 1;
}

/**
 * The records of a CSV text that arrives in pieces (RFC 4180: quoted fields may hold commas, line ends
 * and doubled quotes; a quote inside a plain field is kept as it is).
 * Throws a TrainingError for a field over 1 MiB, which is how a quote that is never closed shows.
 */
export async function* readCsv(chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  const parser = createParser();
  for await (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      const record = parser.push(chunk.charAt(i));
      if (record !== undefined) yield record;
    }
  }
  const last = parser.end();
  if (last !== undefined) yield last;
}

function createParser() {
  let fields: string[] = [];
  let field = "";
  // "quote": a quote was seen inside a quoted field; the next character tells what it was.
  let state: "start" | "plain" | "quoted" | "quote" = "start";
  function endField(): void {
    fields.push(field);
    field = "";
    state = "start";
  }
  function endRecord(): readonly string[] | undefined {
    if (fields.length === 0 && field === "") return undefined;
    endField();
    const record = fields;
    fields = [];
    return record;
  }
  function push(c: string): readonly string[] | undefined {
    if (state === "quoted" && c !== '"') field += c;
    else if (state === "quoted") state = "quote";
    else if (state === "quote" && c === '"') {
      field += c;
      state = "quoted";
    } else if (c === ",") endField();
    else if (c === "\n") return endRecord();
    else if (c === '"' && state === "start") state = "quoted";
    else if (c !== "\r") {
      field += c;
      state = "plain";
    }
    if (field.length > MAX_FIELD) {
      throw failure("DATA_UNREADABLE", "Cannot read CSV: a quote is never closed");
    }
    return undefined;
  }
  return { push, end: endRecord };
}

/** The addresses of CSV records. Throws a TrainingError when a named column is not in the header. */
export async function* findInCsv(
  records: AsyncIterable<readonly string[]>,
  options: CsvOptions,
): AsyncGenerator<Found> {
  let column = typeof options.column === "number" ? options.column : undefined;
  let labelColumn = -1;
  for await (const record of records) {
    if (column === undefined) {
      column = columnOf(record, String(options.column));
      labelColumn = options.labels ? columnOf(record, options.labels.column) : -1;
    } else {
      const found = parseRecord(record, { ...options, column, labelColumn });
      if (found !== undefined) yield found;
    }
  }
}

function parseRecord(
  record: readonly string[],
  options: Omit<CsvOptions, "column"> & { readonly column: number; readonly labelColumn: number },
): Found | undefined {
  const { where, labels } = options;
  const url = record[options.column];
  if (url === undefined || url === "") return undefined;
  if (where !== undefined && !record[where.column]?.includes(where.includes)) return undefined;
  if (labels === undefined) return { url };
  const label = record[options.labelColumn];
  if (label === labels.phishing) return { url, label: 1 };
  return label === labels.legitimate ? { url, label: 0 } : undefined;
}

function columnOf(header: readonly string[], name: string): number {
  const at = header.findIndex((field) => field.trim() === name);
  if (at >= 0) return at;
  throw failure(
    "DATA_UNREADABLE",
    `Cannot find column "${name}": the file has ${header.slice(0, 30).join(", ")}`,
  );
}
