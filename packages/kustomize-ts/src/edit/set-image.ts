import { isObject, sortedPlace } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList } from "./fields.ts";
import { appendValue, removeValue, setValue } from "./splice.ts";

interface Image {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly digest: string;
}

/** In place of a new name, tag or digest: the one that the file has stays. */
const KEEP = "*";

const INVALID = `invalid format of image, use one of the following options:
- <image>=<newimage>:<newtag>
- <image>=<newimage>@<digest>
- <image>=<newimage>:<newtag>@<digest>
- <image>=<newimage>
- <image>:<newtag>
- <image>:<newtag>@<digest>
- <image>@<digest>`;

export const setImage: EditCommand = {
  usage: "IMAGE=NEWIMAGE:NEWTAG@DIGEST...",
  about: "sets new names, tags or digests of images; * keeps what the file has",
  flags: {},
  run: (edit) => {
    if (edit.flags.positional.length === 0) {
      refuse(edit, "no image specified");
    }
    const images = edit.flags.positional.map((word) => parseImage(edit, word));
    const last = new Map(images.map((image) => [image.name, image]));
    return dropDoubles([...last.values()].reduce(writeImage, edit.text));
  },
};

function parseImage(edit: Edit, word: string): Image {
  const equals = word.indexOf("=");
  const value = word.slice(equals + 1);
  const { name, tag, digest } = splitImage(value);
  if (name === word) {
    refuse(edit, INVALID);
  }
  // Of "=image" the real one takes the image for the name.
  return equals <= 0
    ? { name, newName: "", newTag: tag, digest }
    : { name: word.slice(0, equals), newName: name, newTag: tag, digest };
}

/** Parts `host:port/name:tag@digest`; a colon before the first slash belongs to the host. */
function splitImage(image: string): {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
} {
  const host = image.slice(0, Math.max(0, image.indexOf("/")));
  const [path = "", ...digest] = image.slice(host.length).split("@");
  const [name = "", ...tag] = path.split(":");
  return { name: host + name, tag: tag.join(":"), digest: digest.join("@") };
}

/** As kustomize: an entry is written anew, so that what the word does not say falls away. */
function writeImage(text: string, image: Image): string {
  const entries = readList(text, "images").map((item) => (isObject(item) ? item : {}));
  const index = entries.findIndex((entry) => entry["name"] === image.name);
  const fields = (["newName", "newTag", "digest"] as const)
    .filter((field) => image[field] !== KEEP)
    .map((field) => [field, image[field]] as const);
  if (index === -1) {
    const written = fields.filter(([, value]) => value !== "");
    const entry = { name: image.name, ...Object.fromEntries(written) };
    const names = entries.map((item) => item["name"]);
    return appendValue(text, ["images"], entry, sortedPlace(names, image.name));
  }
  return [...fields, ["tagSuffix", ""] as const].reduce(
    (result, [field, value]) => writeField(result, ["images", index, field], value),
    text,
  );
}

function writeField(
  text: string,
  path: readonly ["images", number, string],
  value: string,
): string {
  return value === "" ? removeValue(text, path) : setValue(text, path, value);
}

/** Kustomize keeps the first of the entries that have one name, whichever were set. */
function dropDoubles(text: string): string {
  const names = readList(text, "images").map((item) => isObject(item) && item["name"]);
  return names.reduceRight<string>(
    (result, name, index) =>
      names.indexOf(name) < index ? removeValue(result, ["images", index]) : result,
    text,
  );
}
