import { BuildError } from "../errors.ts";
import { Style, Tag, type YamlNode } from "./node.ts";
import { parseGoInt, parseOldBoolean, resolveOldTag } from "./resolve.ts";

/** The tag by YAML 1.1, which is what kustomizations are read with. */
export function oldTagOf(node: YamlNode): string {
  if (node.kind !== "scalar") return node.kind === "map" ? Tag.map : Tag.seq;
  if ((node.style & ~Style.tagged) !== 0) return Tag.string;
  if ((node.style & Style.tagged) !== 0 || node.tag === Tag.string) {
    // A plain string that YAML 1.2 does not know may be a boolean of 1.1.
    return (node.style & Style.tagged) !== 0 ? node.tag : resolveOldTag(node.value);
  }
  return node.tag === Tag.none ? resolveOldTag(node.value) : node.tag;
}

/** The text that sigs.k8s.io/yaml makes of a boolean or a number with a tag of YAML 1.1. */
export function formatOldScalar({ value }: YamlNode, tag: string): string | undefined {
  switch (tag) {
    case Tag.bool:
      return String(parseOldBoolean(value) ?? false);
    case Tag.int:
      return (parseGoInt(value) ?? 0n).toString();
    case Tag.float:
      return formatFloat32(parseOldFloat(value));
    default:
      return undefined;
  }
}

/** The name that JSON has for a key: `n` is `false`, `0x10` is `16`. Throws for a null and the like. */
export function oldKeyText(key: YamlNode): string {
  const tag = oldTagOf(key);
  const { kind, value, line, column } = key;
  const refuse = (message: string) => new BuildError("WRONG_TYPE", message, { line, column });
  if (kind !== "scalar") throw refuse("yaml: invalid map key");
  if (tag === Tag.null) throw refuse("unsupported map key of type: %!s(<nil>), key: <nil>");
  const integer = tag === Tag.int ? (parseGoInt(value) ?? 0n) : 0n;
  if (integer > MAX_INT64) {
    throw refuse(`unsupported map key of type: uint64, key: 0x${integer.toString(16)}`);
  }
  if (tag !== Tag.float) return formatOldScalar(key, tag) ?? value;
  const number = parseOldFloat(value);
  if (Number.isNaN(number)) return ".nan";
  if (!Number.isFinite(number)) return number < 0 ? "-.inf" : ".inf";
  return formatFloat32(number);
}

const MAX_INT64 = 2n ** 63n - 1n;

function parseOldFloat(text: string): number {
  const special = /^([-+]?)\.(inf|nan)$/i.exec(text);
  if (special === null) return Number(text.replaceAll("_", ""));
  if (special[2]?.toLowerCase() === "nan") return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The shortest text that a 32-bit float is read from, as Go's `FormatFloat(x, 'g', -1, 32)`. */
function formatFloat32(double: number): string {
  const value = Math.fround(double);
  if (value === 0 || Number.isNaN(value)) return String(value);
  if (!Number.isFinite(value)) return value < 0 ? "-Inf" : "+Inf";
  let digits = 1;
  while (digits < 9 && Math.fround(Number(value.toPrecision(digits))) !== value) {
    digits++;
  }
  const [fraction = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${fraction}e${power}`));
  const sign = power < 0 ? "-" : "+";
  return `${fraction}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
}
