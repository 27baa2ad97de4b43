import { z } from "zod";
import type { Finding } from "./finding.ts";

const Source = z.object({ chart: z.string().optional(), targetRevision: z.string() });
const Spec = z.object({
  source: Source.optional(),
  sources: z.array(Source).default([]),
  syncPolicy: z.object({ syncOptions: z.array(z.string()).default([]) }).optional(),
  ignoreDifferences: z
    .array(z.object({ kind: z.string(), jqPathExpressions: z.array(z.string()).default([]) }))
    .default([]),
});
const Application = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  spec: z.union([z.object({ template: z.object({ spec: Spec }) }), Spec]),
});

/** What every application asks of a sync, and why. */
const OPTIONS: readonly (readonly [check: string, option: string, why: string])[] = [
  ["server-side-apply", "ServerSideApply=true", "a CRD is too large for a note on itself"],
  ["crds-later", "SkipDryRunOnMissingResource=true", "a kind may come in the same sync"],
  ["prune-last", "PruneLast=true", "what is left is not to miss what goes"],
];

/** istiod writes into these of its charts, so that they would never be in sync (istio#52785). */
const WEBHOOKS = ["base", "istiod"];
const REWRITTEN = [".webhooks[]?.clientConfig.caBundle", ".webhooks[]?.failurePolicy"];

/** What an Application, or the template of a set, must ask of Argo CD. */
export function checkApplication(value: unknown): Finding[] {
  const { kind, metadata, spec } = Application.parse(value);
  const { source, sources, syncPolicy, ignoreDifferences } =
    "template" in spec ? spec.template.spec : spec;
  const charts = [source, ...sources].flatMap((one) => (one?.chart ? [one] : []));
  const unfixed = charts
    .filter(({ targetRevision }) => !/^\d+\.\d+\.\d+$/.test(targetRevision))
    .map(({ chart, targetRevision }) => [
      "chart-pinned",
      `chart ${chart} is at "${targetRevision}", wished: one version`,
    ]);
  const options = syncPolicy?.syncOptions ?? [];
  const missing = OPTIONS.filter(([, option]) => !options.includes(option)).map(
    ([check, option, why]) => [check, `does not ask for ${option}, but ${why}`],
  );
  const isRewritten = charts.some(({ chart = "" }) => WEBHOOKS.includes(chart));
  const ignored = ignoreDifferences
    .filter((one) => one.kind === "ValidatingWebhookConfiguration")
    .flatMap(({ jqPathExpressions }) => jqPathExpressions);
  const compared = isRewritten
    ? [
        ...REWRITTEN.filter((path) => !ignored.includes(path)),
        ...(options.includes("RespectIgnoreDifferences=true") ? [] : ["them when it applies"]),
      ].map((what) => ["webhooks-in-sync", `compares ${what}, which istiod writes`])
    : [];
  return [...unfixed, ...missing, ...compared].map(([check = "", message = ""]) => ({
    check,
    resource: `${kind}/${metadata.name}`,
    message,
  }));
}
