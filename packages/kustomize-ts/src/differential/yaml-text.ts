/** YAML that is written as it stands: a number form, a tag, an alias. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a text is made of: plain values, and scalars written in a form of their own. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Raw
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Small numbers that decide, one after another and round again, how each thing is written. None: plainly. */
export type Style = readonly number[];

interface Writer {
  readonly next: (choices: number) => number;
}

const INDENT = "  ";
const PLAIN = /^[A-Za-z/][A-Za-z0-9/._-]*( [A-Za-z0-9/._-]+)*$/;
const WORDS = /^(y|yes|n|no|on|off|true|false|null|nan|inf)$/i;

/** A document of `value` in the handwriting that `style` says: comments, quotes, blocks, flow, indents. */
export function writeYaml(value: Value, style: Style): string {
  let at = 0;
  const next = (choices: number): number => {
    const choice = style.length === 0 ? 0 : (style[at % style.length] ?? 0) % choices;
    at += 1;
    return choice;
  };
  return `${writeBlock(value, { next }, "").replace(/^\n/, "")}\n`;
}

/** A value as it follows a key or a dash: on the same line, or on lines below. */
function writeBlock(value: Value, writer: Writer, indent: string): string {
  if (isList(value) && value.length > 0) {
    return writer.next(9) === 8 ? ` ${writeFlow(value, writer)}` : writeList(value, writer, indent);
  }
  if (isMap(value) && Object.keys(value).length > 0) {
    return writer.next(9) === 8 ? ` ${writeFlow(value, writer)}` : writeMap(value, writer, indent);
  }
  const text = writeScalar(value, writer, indent);
  return ` ${text}${text.includes("\n") || writer.next(11) !== 10 ? "" : " # why"}`;
}

function writeMap(map: { readonly [key: string]: Value }, writer: Writer, indent: string): string {
  return Object.entries(map)
    .map(([key, value]) => {
      const comment =
        writer.next(13) === 12 ? `\n${indent}# about ${key.replaceAll("\n", " ")}` : "";
      const blank = writer.next(17) === 16 ? "\n" : "";
      const deeper = isList(value) ? indent : indent + INDENT;
      return `${blank}${comment}\n${indent}${writeKey(key)}:${writeBlock(value, writer, deeper)}`;
    })
    .join("");
}

function writeList(list: readonly Value[], writer: Writer, indent: string): string {
  const inner = writer.next(5) === 4 ? indent + INDENT : indent;
  return list
    .map((item) => {
      const comment = writer.next(13) === 12 ? `\n${inner}# next` : "";
      const body = writeBlock(item, writer, inner + INDENT);
      // The first key of a map stands behind the dash, unless a comment is in the way.
      const lead = `\n${inner}${INDENT}`;
      const first =
        body.startsWith(lead) && !/^\s*#/.test(body) && !body.startsWith("\n\n")
          ? ` ${body.slice(lead.length)}`
          : body;
      return `${comment}\n${inner}-${first}`;
    })
    .join("");
}

function writeFlow(value: Value, writer: Writer): string {
  if (isList(value)) {
    return `[${value.map((item) => writeFlow(item, writer)).join(", ")}]`;
  }
  if (isMap(value)) {
    const pairs = Object.entries(value).map(
      ([key, item]) => `${writeKey(key)}: ${writeFlow(item, writer)}`,
    );
    return `{${pairs.join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : writeScalar(value, writer, "");
}

function writeKey(key: string): string {
  return PLAIN.test(key) && !WORDS.test(key) ? key : JSON.stringify(key);
}

function writeScalar(value: Value, writer: Writer, indent: string): string {
  if (value instanceof Raw) {
    return value.text;
  }
  if (typeof value !== "string") {
    return isList(value) ? "[]" : isMap(value) ? "{}" : String(value);
  }
  if (isBlockText(value)) {
    const block = ["|", "|", "|", ">", ""][writer.next(5)] ?? "";
    if (block !== "") {
      return writeBlockText(value, block, indent);
    }
  }
  const form = writer.next(4);
  if (form === 1 && !/[\n\t\\]/.test(value)) {
    return `'${value.replaceAll("'", "''")}'`;
  }
  return form !== 2 && PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
}

function isBlockText(value: string): boolean {
  return /^[^\s#][^\t]*\n/.test(value) && !/ \n/.test(value) && !value.includes("\\");
}

function writeBlockText(value: string, block: string, indent: string): string {
  const lines = value.replace(/\n$/, "").split("\n");
  const inner = indent === "" ? INDENT : indent;
  const folds = block === ">" && lines.every((line) => /^\S/.test(line));
  const mark = `${folds ? ">" : "|"}${value.endsWith("\n") ? "" : "-"}`;
  const text = lines.map((line) => (line === "" ? "" : inner + line));
  return `${mark}\n${text.join(folds ? "\n\n" : "\n")}`;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof Raw);
}
