import { MeshError } from "../errors.ts";

// The first half of reading a limiter's configuration: which keys and types are there. The real
// one does this in two passes as well: validateYamlKeys, then gopkg.in/yaml.v2 into structs.

export interface RawRateLimit {
  readonly requestsPerUnit: number;
  readonly unit: string;
  readonly unlimited: boolean;
  readonly name: string;
  readonly replaces: readonly string[];
}

export interface RawDescriptor {
  readonly key: string;
  readonly value: string;
  readonly rateLimit: RawRateLimit | undefined;
  readonly descriptors: readonly RawDescriptor[];
  readonly shadowMode: boolean;
  readonly quotaMode: boolean;
  readonly detailedMetric: boolean;
  readonly valueToMetric: boolean;
  readonly shareThreshold: boolean;
}

const KEYS: ReadonlySet<string> = new Set([
  "domain",
  "key",
  "value",
  "descriptors",
  "rate_limit",
  "unit",
  "requests_per_unit",
  "unlimited",
  "shadow_mode",
  "quota_mode",
  "name",
  "replaces",
  "detailed_metric",
  "value_to_metric",
  "share_threshold",
  "metadata",
]);

const MAX_UINT32 = 2 ** 32 - 1;

type Fields = Readonly<Record<string, unknown>>;

function refuse(message: string, field: string): never {
  throw new MeshError(message, { code: "INVALID", field: field === "" ? undefined : field });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parsed YAML as the fields of a configuration; refuses unknown keys and wrong types by name. */
export function decodeDescriptors(parsed: unknown): {
  readonly domain: string;
  readonly descriptors: readonly RawDescriptor[];
} {
  const root = parsed ?? {};
  if (!isFields(root)) return refuse("error loading config file: wished: a map", "");
  checkKeys(root, "");
  return { domain: readText(root, "domain", ""), descriptors: readDescriptors(root, "") };
}

/** Refuses a key that the limiter has nowhere, and a value that it has in no key. */
function checkKeys(fields: Fields, above: string): void {
  for (const [key, value] of Object.entries(fields)) {
    const field = join(above, key);
    if (!KEYS.has(key)) refuse(`config error, unknown key '${key}'`, field);
    // Anything may stand in the metadata of a rule.
    if (key === "metadata") continue;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (!isFields(item)) {
          refuse("config error, yaml file contains list of type other than map", field);
        }
        checkKeys(item, `${field}[${index}]`);
      }
    } else if (isFields(value)) {
      checkKeys(value, field);
    } else if (typeof value === "number" && !Number.isInteger(value)) {
      refuse(`error checking config: ${value} is no whole number`, field);
    }
  }
}

function join(above: string, key: string): string {
  return above === "" ? key : `${above}.${key}`;
}

function readDescriptors(fields: Fields, above: string): readonly RawDescriptor[] {
  const field = join(above, "descriptors");
  return readList(fields, "descriptors", above).map((item, index) => {
    const here = `${field}[${index}]`;
    if (item["metadata"] !== undefined && item["metadata"] !== null && !isFields(item["metadata"]))
      refuse("cannot unmarshal: wished: a map", `${here}.metadata`);
    return {
      key: readText(item, "key", here),
      value: readText(item, "value", here),
      rateLimit: readRateLimit(item, here),
      descriptors: readDescriptors(item, here),
      shadowMode: readFlag(item, "shadow_mode", here),
      quotaMode: readFlag(item, "quota_mode", here),
      detailedMetric: readFlag(item, "detailed_metric", here),
      valueToMetric: readFlag(item, "value_to_metric", here),
      shareThreshold: readFlag(item, "share_threshold", here),
    };
  });
}

function readRateLimit(fields: Fields, above: string): RawRateLimit | undefined {
  const limit = fields["rate_limit"] ?? undefined;
  const here = join(above, "rate_limit");
  if (limit === undefined) return undefined;
  if (!isFields(limit)) return refuse("cannot unmarshal: wished: a map", here);
  return {
    requestsPerUnit: readCount(limit, "requests_per_unit", here),
    unit: readText(limit, "unit", here),
    unlimited: readFlag(limit, "unlimited", here),
    name: readText(limit, "name", here),
    replaces: readList(limit, "replaces", here).map((item, index) =>
      readText(item, "name", `${here}.replaces[${index}]`),
    ),
  };
}

function readList(fields: Fields, key: string, above: string): readonly Fields[] {
  const list = fields[key] ?? [];
  if (!Array.isArray(list)) return refuse("cannot unmarshal: wished: a list", join(above, key));
  return list.filter(isFields);
}

/** Any scalar: the real one keeps the text of a number or a truth value that stands for a string. */
function readText(fields: Fields, key: string, above: string): string {
  const value = fields[key] ?? "";
  if (typeof value === "object")
    return refuse("cannot unmarshal: wished: a string", join(above, key));
  return String(value);
}

function readCount(fields: Fields, key: string, above: string): number {
  const value = fields[key] ?? 0;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_UINT32) {
    return refuse(
      `cannot unmarshal: wished: a whole number from 0 to ${MAX_UINT32}`,
      join(above, key),
    );
  }
  return value;
}

/** The words of YAML 1.1 for a truth value, which the real reader knows and a YAML 1.2 reader gives as text. */
const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

function readFlag(fields: Fields, key: string, above: string): boolean {
  const flag = FLAGS.get(fields[key] ?? false);
  return flag ?? refuse("cannot unmarshal: wished: true or false", join(above, key));
}
