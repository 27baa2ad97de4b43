import { type Edit, refuse } from "./edit.ts";

const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** The words of --from-file with their patterns resolved: `file`, or `key=file` where one file matches. */
export function readFileSources(edit: Edit): readonly string[] {
  return edit.flags.list("from-file").flatMap((word) => {
    const equals = word.indexOf("=");
    const pattern = word.slice(equals + 1);
    const matches = edit.folder.glob(pattern);
    if (matches.length === 0) {
      refuse(edit, `Cannot read "${pattern}": there is no such file`);
    }
    if (equals === -1) {
      return matches;
    }
    return matches.length === 1
      ? [`${word.slice(0, equals)}=${matches[0]}`]
      : refuse(edit, `Cannot use "${word}": a key stands for one file, not ${matches.length}`);
  });
}

/** Refuses an entry that could not be generated: a file that is not there, a bad key, a key twice. */
export function checkSources(
  edit: Edit,
  what: string,
  entry: Readonly<Record<string, unknown>>,
): void {
  for (const path of strings(entry["envs"])) {
    if (edit.folder.readFile(path) === undefined) {
      refuse(edit, `Cannot read "${path}": there is no such file`);
    }
  }
  const keys = [
    ...strings(entry["literals"]).map((literal) => {
      const equals = literal.indexOf("=");
      return equals > 0
        ? literal.slice(0, equals)
        : refuse(edit, `Cannot use the literal "${literal}": it is not of the form KEY=VALUE`);
    }),
    ...strings(entry["files"]).map((file) => {
      const equals = file.indexOf("=");
      return equals === -1 ? (file.split("/").at(-1) ?? "") : file.slice(0, equals);
    }),
  ];
  const bad = keys.find((key) => !KEY.test(key));
  if (bad !== undefined) {
    refuse(edit, `Cannot use the key "${bad}" of the ${what}: letters, digits, ".", "-", "_" only`);
  }
  const double = keys.find((key, index) => keys.indexOf(key) !== index);
  if (double !== undefined) {
    refuse(edit, `Cannot add the key "${double}" to the ${what}: it has it already`);
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
