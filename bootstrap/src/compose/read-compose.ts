import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const Service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  user: z.string(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  env_file: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
});
export type Service = z.infer<typeof Service>;

const Compose = z.looseObject({ services: z.record(z.string(), Service) });
export type Compose = z.infer<typeof Compose>;

/** The compose file of the repository, its anchors and merges resolved. */
export function readCompose(repository: string): Compose {
  const text = readFileSync(join(repository, "compose.yaml"), "utf8");
  return Compose.parse(parse(text, { merge: true }));
}
