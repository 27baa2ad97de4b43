import { z } from "zod";
import { type LimiterConfig, parseLimiterConfig } from "../limits/limiter-config.ts";
import type { JsonObject } from "../types.ts";
import { buildMessage, type LintMessage } from "./message.ts";

/** A configuration of the limiter, and where it stands. */
export interface LimiterSource {
  /** "ConfigMap/namespace/name". */
  readonly resource: string;
  /** "data.config.yaml". */
  readonly field: string;
  readonly config: LimiterConfig;
}

const ConfigMap = z.looseObject({
  kind: z.literal("ConfigMap"),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default("default") }),
  data: z.record(z.string(), z.string()),
});
/** Worth being parsed: somebody else's file may have a domain, and be no YAML of one document. */
function isLimiterText(text: string): boolean {
  return /^domain:/m.test(text) && /^descriptors:/m.test(text);
}

/** What only a configuration of the limiter looks like. */
function isCandidate(parsed: unknown): boolean {
  const is = typeof parsed === "object" && parsed !== null;
  return is && "domain" in parsed && "descriptors" in parsed;
}

/** The limiter's configurations among the ConfigMaps: a YAML file with a domain and descriptors. */
export function readLimiters(
  resources: readonly JsonObject[],
  parseYaml: (text: string) => unknown,
): { readonly limiters: readonly LimiterSource[]; readonly messages: readonly LintMessage[] } {
  const messages: LintMessage[] = [];
  const limiters = resources.flatMap((resource) => {
    const { data } = ConfigMap.safeParse(resource);
    if (data === undefined) return [];
    const id = `ConfigMap/${data.metadata.namespace}/${data.metadata.name}`;
    return Object.entries(data.data)
      .filter(([file, text]) => /\.ya?ml$/.test(file) && isLimiterText(text))
      .flatMap(([file, text]): LimiterSource[] => {
        const field = `data.${file}`;
        try {
          const parsed = parseYaml(text);
          if (!isCandidate(parsed)) return [];
          return [{ resource: id, field, config: parseLimiterConfig(parsed) }];
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          messages.push(buildMessage("HKL0208", id, field, message));
          return [];
        }
      });
  });
  return { limiters, messages };
}
