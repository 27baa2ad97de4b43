import { parseArgs } from "node:util";
import { describeFailure } from "@hookline/command-line";
import type { CommandOptions } from "../command-options.ts";
import { DeliveryError } from "../errors.ts";
import { changeTree } from "../promote/change-tree.ts";
import {
  CANDIDATE,
  describeDone,
  planPromotion,
  readCanaryWeight,
} from "../promote/plan-promotion.ts";
import { findPin } from "../promote/roles.ts";
import { listDeliveries } from "../promote/rollback.ts";
import { type Decision, decideCanary, decideShadow } from "./decide.ts";
import {
  findPersonsRevert,
  findUnpushed,
  isHistoryCut,
  readHold,
  readLastChange,
} from "./holds.ts";
import { FALSE_ROLLBACK, judgeCanary } from "./judge-canary.ts";
import { createLocalSource } from "./local-source.ts";
import type { MetricsSource } from "./metrics-source.ts";
import { createPrometheusSource, readLastSync } from "./prometheus-source.ts";
import { readEvidence } from "./read-evidence.ts";

const LOCAL = "http://127.0.0.1:8080";
const HELP = `Usage: bun run judge [--prometheus URL | --local URL] [--commit]

Says of the canary and of the model in the shadow: promote, wait or roll back, with the evidence. Sequential tests:
ask as often as you like, a canary as good as the stable version is rolled back in ${FALSE_ROLLBACK * 100} of 100 cases at the most.
(At 100 in 100 nobody may be left to compare with: too many errors or slow answers are enough then.)

  --local URL       a cluster that "bun run up" runs (default ${LOCAL})
  --prometheus URL  a Prometheus; counts from the last commit that changed gitops/, or from when
                    Argo CD synced it, where that is scraped
  --since TIME      with --prometheus: counts from then on, 2026-11-23T12:00:00Z
  --namespace NAME  with --prometheus: the namespace of the overlay (default hookline)
  --overlay NAME    the overlay whose HOLD file is obeyed (default production)
  --commit          makes it so: edits gitops/, checks it and commits it; push it yourself
  --json            prints JSON
  --help            prints this

A hold (gitops/overlays/NAME/HOLD, committed or not, its text is the reason) and what a person took back stand: they
are told, and nothing is committed against them. A wrong call ends with 2, any other failure with 1.
`;

/** A decision, and what keeps it, or would keep the next one, from being carried out. */
interface Judgement extends Decision {
  readonly blocked?: string;
  readonly commit?: string;
}

/** Runs `judge …`; throws DeliveryError. */
export async function runJudge(words: readonly string[], options: CommandOptions): Promise<void> {
  const { root, print } = options;
  const values = parse(words);
  if (values.help) {
    print(HELP);
    return;
  }
  const evidence = await readEvidence(await createSource(root, values));
  const weight = readCanaryWeight(root);
  const decisions = [
    decideCanary(
      weight,
      judgeCanary(evidence.canary, evidence.stable, { isAlone: weight === 100 }),
    ),
    decideShadow(CANDIDATE, evidence.shadow),
  ];
  const judgements: Judgement[] = [];
  const tell = () =>
    print(values.json ? `${JSON.stringify({ evidence, judgements })}\n` : formatAll(judgements));
  // A local cluster runs what lies here; what a Prometheus counted came by a push.
  const unpushed = values.prometheus === undefined ? undefined : findUnpushed(root);
  try {
    for (const decision of decisions) {
      judgements.push(judge(root, { ...values, unpushed }, decision));
    }
  } catch (error) {
    // Of two, the first may be committed where the second one fails.
    if (judgements.some(({ commit }) => commit !== undefined)) tell();
    throw error;
  }
  tell();
}

interface JudgeOptions extends Values {
  readonly unpushed: string | undefined;
}

function judge(root: string, options: JudgeOptions, decision: Decision): Judgement {
  const { commit } = options;
  const blocked = findBlock(root, options, decision);
  if (blocked !== undefined) return { ...decision, blocked };
  return commit ? { ...decision, ...carryOut(root, decision) } : decision;
}

type Values = ReturnType<typeof parse>;

async function createSource(root: string, values: Values): Promise<MetricsSource> {
  const { prometheus, local = LOCAL, namespace = "hookline", since } = values;
  if (prometheus === undefined) return createLocalSource(local);
  const from = since === undefined ? readLastChange(root) : new Date(since);
  if (Number.isNaN(from.getTime())) throw badArgument(`--since "${since}" is no time`);
  const options = { url: prometheus, since: from, namespace };
  // A commit may have waited for its push, and then for its pods.
  const synced = since === undefined ? await readLastSync(options) : undefined;
  return createPrometheusSource({ ...options, since: synced ?? from });
}

/** What stands against a decision: a hold, that it is so already, a commit that no cluster has, or a person who took the same thing back. */
function findBlock(
  root: string,
  { overlay, unpushed }: JudgeOptions,
  { verdict, promotion }: Decision,
): string | undefined {
  const hold = readHold(root, overlay);
  if (hold !== undefined) return `held by gitops/overlays/${overlay}/HOLD: ${hold}`;
  if (promotion === undefined) return undefined;
  const done = describeDone(root, promotion);
  if (done !== undefined) return done;
  if (unpushed !== undefined && verdict === "promote") {
    return `${unpushed} is not pushed, what was counted is of the tree before`;
  }
  const { command } = planPromotion(root, promotion);
  const role = promotion.kind === "model" ? "model-shadow" : "app-canary";
  const pinFile = `gitops/${findPin(root, role).folder}/kustomization.yaml`;
  if (isHistoryCut(root, pinFile)) {
    return "the history is cut, a person's revert may be behind it: git fetch --unshallow";
  }
  const revert = findPersonsRevert(root, { deliveries: listDeliveries(root), command, pinFile });
  return revert && `a person took "${command}" back in ${revert.hash.slice(0, 7)}`;
}

function carryOut(root: string, { promotion, reasons }: Decision): { commit?: string } {
  if (promotion === undefined) return {};
  const plan = planPromotion(root, promotion);
  const { commit } = changeTree(root, {
    ...plan,
    why: reasons.join("\n"),
    isJudged: true,
    dryRun: false,
  });
  return commit === undefined ? {} : { commit };
}

function formatAll(judgements: readonly Judgement[]): string {
  return judgements
    .map(({ what, verdict, promotion, reasons, blocked, commit }) => {
      const prefix = promotion === undefined ? "" : "not carried out: ";
      const lines = [
        ...reasons,
        ...(blocked === undefined ? [] : [`${prefix}${blocked}`]),
        ...(commit === undefined ? [] : [`committed ${commit}; push it: git push`]),
      ];
      return `${what}: ${verdict}\n${lines.map((line) => `  ${line}\n`).join("")}`;
    })
    .join("");
}

function parse(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        prometheus: { type: "string" },
        local: { type: "string" },
        since: { type: "string" },
        namespace: { type: "string" },
        overlay: { type: "string", default: "production" },
        commit: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { prometheus, local, since, namespace } = values;
    for (const url of [prometheus, local]) {
      if (url !== undefined && !/^https?:\/\//.test(URL.parse(url)?.href ?? "")) {
        throw badArgument(`"${url}" is no address, as "${LOCAL}" is one`);
      }
    }
    if (prometheus !== undefined && local !== undefined) {
      throw badArgument("--local and --prometheus are two sources, one of them is asked");
    }
    if (prometheus === undefined && (since ?? namespace) !== undefined) {
      const name = since === undefined ? "--namespace" : "--since";
      throw badArgument(`${name} goes with --prometheus`);
    }
    return values;
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw badArgument(describeFailure(error), error);
  }
}

function badArgument(why: string, cause?: unknown): DeliveryError {
  const message = `Cannot read the arguments: ${why}; see bun run judge --help`;
  return new DeliveryError(message, { code: "BAD_ARGUMENT", cause });
}
