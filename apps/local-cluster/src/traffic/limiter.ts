// What stands in for the rate-limit service: its own configuration, counted in memory.
import { messageOf } from "@hookline/command-line";
import { parseYaml } from "@hookline/kustomize-ts";
import {
  createLimiter,
  type LimitCall,
  type LimiterAnswer,
  parseLimiterConfig,
  parseLimiterSettings,
} from "@hookline/mesh";
import { UpError } from "../errors.ts";
import { hashTemplate } from "../workloads/template-hash.ts";
import type { Workload } from "../workloads/workload.ts";

export type CheckLimits = (call: Pick<LimitCall, "descriptors" | "domain">) => LimiterAnswer;

export interface LimiterStandIn {
  /** Throws when there is no limiter in the overlay: the proxy does then what it does without one. */
  readonly check: CheckLimits;
  /**
   * Takes the limiter's Deployment of a new render. Counts go on as they are while its
   * configuration is the same. Throws BAD_MANIFEST when the configuration cannot be read.
   */
  readonly prepare: (workload: Workload | undefined) => () => void;
}

/** The limiter of an overlay in this process; its configuration is the one in the limiter's Deployment. */
export function createLimiterStandIn(options: { readonly now: () => number }): LimiterStandIn {
  let hash = "";
  let check: CheckLimits = noLimiter;
  return {
    check: (call) => check(call),
    prepare: (workload) => {
      const next = workload === undefined ? "" : hashTemplate(workload.template);
      if (next === hash) return () => {};
      const prepared = workload === undefined ? noLimiter : read(workload, options);
      return () => {
        hash = next;
        check = prepared;
      };
    },
  };
}

function noLimiter(): never {
  throw new TypeError("the overlay has no limiter");
}

function read(workload: Workload, options: { readonly now: () => number }): CheckLimits {
  const { template, name } = workload;
  const files = [...template.volumes.values()].flatMap((volume) =>
    volume.kind === "files" ? [...volume.files] : [],
  );
  const variables = template.environment.flatMap((entry) =>
    entry.kind === "field" ? [] : [[entry.name, entry.value] as const],
  );
  try {
    const configs = files
      .filter(([path]) => /\.ya?ml$/.test(path))
      .map(([path, bytes]) => parseLimiterConfig(parseYaml(new TextDecoder().decode(bytes), path)));
    const settings = parseLimiterSettings(Object.fromEntries(variables));
    const limiter = createLimiter(configs, { ...settings, ...options });
    return ({ domain, descriptors }) => limiter.check(domain, descriptors);
  } catch (error) {
    const message = `Cannot read the limits of Deployment "${name}": ${messageOf(error)}`;
    throw new UpError(message, { code: "BAD_MANIFEST", cause: error });
  }
}
