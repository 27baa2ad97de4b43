// The Alertmanager's configuration, made of the overlay's AlertmanagerConfigs as the Prometheus operator makes it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";
import { UpError } from "../errors.ts";

const Matcher = z.strictObject({
  name: z.string(),
  value: z.string().default(""),
  matchType: z.enum(["=", "!=", "=~", "!~"]).default("="),
});
const OwnRoute = z.strictObject({
  receiver: z.string().optional(),
  groupBy: z.array(z.string()).optional(),
  groupWait: z.string().optional(),
  groupInterval: z.string().optional(),
  repeatInterval: z.string().optional(),
  matchers: z.array(Matcher).default([]),
  continue: z.boolean().optional(),
  get routes() {
    return z.array(OwnRoute).default([]);
  },
});
const Email = z.strictObject({
  to: z.string(),
  from: z.string(),
  smarthost: z.string(),
  requireTLS: z.boolean().optional(),
  sendResolved: z.boolean().optional(),
  html: z.string().optional(),
  text: z.string().optional(),
});
const Spec = z.strictObject({
  route: OwnRoute,
  inhibitRules: z
    .array(
      z.strictObject({
        sourceMatch: z.array(Matcher).default([]),
        targetMatch: z.array(Matcher).default([]),
        equal: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  receivers: z
    .array(z.strictObject({ name: z.string(), emailConfigs: z.array(Email).default([]) }))
    .default([]),
});
const Config = z.object({
  kind: z.literal("AlertmanagerConfig"),
  metadata: z.object({ name: z.string(), namespace: z.string().default("default") }),
  spec: z.unknown(),
});

/** Whether an overlay says where alerts go. */
export function wantsAlertmanager(resources: readonly JsonObject[]): boolean {
  return resources.some((one) => Config.safeParse(one).success);
}

/**
 * Writes the configuration. All mail goes to the mailbox at this port, whatever the smarthost: what
 * runs on one machine shall mail nobody. Throws UNSUPPORTED naming what is not known here.
 */
export function writeAlertmanagerFiles(
  folder: string,
  resources: readonly JsonObject[],
  { mailPort }: { readonly mailPort: number },
): void {
  const configs = resources.flatMap((one) => Config.safeParse(one).data ?? []).map(readConfig);
  const built = configs.map((one) => buildPart(one, mailPort));
  mkdirSync(folder, { recursive: true });
  const whole = {
    route: { receiver: "null", routes: built.map(({ route }) => route) },
    inhibit_rules: built.flatMap(({ inhibitRules }) => inhibitRules),
    receivers: [{ name: "null" }, ...built.flatMap(({ receivers }) => receivers)],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "alertmanager.yml"), JSON.stringify(whole));
}

type Route = z.output<typeof OwnRoute>;
interface NamedSpec {
  /** As the operator names receivers: "hookline/alerts/operator". */
  readonly prefix: string;
  readonly spec: z.output<typeof Spec>;
}

function readConfig({ metadata, spec }: z.output<typeof Config>): NamedSpec {
  const prefix = `${metadata.namespace}/${metadata.name}`;
  const read = Spec.safeParse(spec);
  if (read.success) return { prefix, spec: read.data };
  const [issue] = read.error.issues;
  const names = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const field = ["spec", ...(issue?.path ?? []), ...names].join(".");
  const message = `Cannot read AlertmanagerConfig "${prefix}": "${field}" is not known here`;
  throw new UpError(message, { code: "UNSUPPORTED" });
}

function buildPart({ prefix, spec }: NamedSpec, mailPort: number) {
  return {
    // The operator lets the next AlertmanagerConfig see the alert, too (alertmanagerConfigMatcherStrategy None: each sees all).
    route: { ...buildRoute(spec.route, prefix), continue: true },
    inhibitRules: spec.inhibitRules.map(({ sourceMatch, targetMatch, equal }) => ({
      source_matchers: sourceMatch.map(renderMatcher),
      target_matchers: targetMatch.map(renderMatcher),
      equal,
    })),
    receivers: spec.receivers.map(({ name, emailConfigs }) => ({
      name: `${prefix}/${name}`,
      email_configs: emailConfigs.map(({ to, from, sendResolved, html, text }) => ({
        to,
        from,
        smarthost: `127.0.0.1:${mailPort}`,
        require_tls: false,
        ...defined({ send_resolved: sendResolved, html, text }),
      })),
    })),
  };
}

function buildRoute(route: Route, prefix: string): Record<string, unknown> {
  const { receiver, matchers, routes } = route;
  return defined({
    receiver: receiver === undefined ? undefined : `${prefix}/${receiver}`,
    group_by: route.groupBy,
    group_wait: route.groupWait,
    group_interval: route.groupInterval,
    repeat_interval: route.repeatInterval,
    matchers: matchers.map(renderMatcher),
    continue: route.continue,
    routes: routes.map((one) => buildRoute(one, prefix)),
  });
}

function renderMatcher({ name, matchType, value }: z.output<typeof Matcher>): string {
  return `${name}${matchType}${JSON.stringify(value)}`;
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
