import { join } from "node:path";
import { parseArgs } from "node:util";
import { RELEASES } from "../card/build-card.ts";
import { listCautions } from "../card/cautions.ts";
import { placeModel, requireModelFolder } from "../card/write-model.ts";
import { TrainingError } from "../errors.ts";
import { runFleet } from "../fleet.ts";
import type { Job } from "../fleet-messages.ts";
import type { ModelKind } from "../learn/weights.ts";
import { type DataFiles, findDataFiles, ROLES, requireRoles } from "../roles.ts";
import type { Output } from "./output.ts";
import { createProgress } from "./progress.ts";
import { renderResults, summarise } from "./summary.ts";
import { createWorkshop } from "./workshop.ts";

const TRAIN_HELP = `Usage: bun run train --data PATH … --out FOLDER [OPTION…]

Trains models on labelled URLs (label<TAB>url<TAB>source a line, .tsv or .tsv.gz), measures the
exported files, and writes each model with its card to FOLDER/v1 (linear) or FOLDER/v2 (wide-bag).

  --data PATH              files or folders; the name of a file says what it is for: train, val, test,
                           holdout (train.tsv.gz, test-2026.tsv). More may follow, as in data/*.tsv.
  --train, --val, --test, --holdout PATH
                           a file of another name for one of these
  --model KIND             linear, wide-bag or both (the default)
  --out FOLDER             where the model folders go; models that are there are replaced
  --exclude-source A,B     leaves these sources out of training and validation
  --twin                   with --exclude-source: trains each model on all rows as well, for
                           comparison in the card only (about twice the time)
  --seed NUMBER,…          1 unless told; the same seed gives the same model, byte for byte. Of several,
                           the model with the lowest log loss on val is kept; it takes the time of all
  --json                   prints the result as JSON instead of a table
  --help                   prints this

bun run data makes such files of public lists. model-service serves a folder that MODEL_DIR names.
Ctrl-C stops and leaves nothing behind, and ends with 130. A wrong call ends with 2, any other
failure with 1.
`;

const OPTIONS = {
  data: { type: "string", multiple: true },
  train: { type: "string", multiple: true },
  val: { type: "string", multiple: true },
  test: { type: "string", multiple: true },
  holdout: { type: "string", multiple: true },
  model: { type: "string", default: "both" },
  out: { type: "string" },
  "exclude-source": { type: "string", multiple: true },
  twin: { type: "boolean", default: false },
  seed: { type: "string", default: "1" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const MODELS: Readonly<Record<string, readonly ModelKind[]>> = {
  linear: ["linear"],
  "wide-bag": ["wide-bag"],
  both: ["linear", "wide-bag"],
};

/** `train`: trains in a folder of its own below --out and moves the finished models into place. */
export async function runTrain(argv: readonly string[], output: Output): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
  });
  if (values.help) return output.print(TRAIN_HELP);
  if (argv.length === 0) {
    throw bad("neither --data nor --out is given, as in --data data --out models; see its --help");
  }
  const request = readRequest(values);
  const given = Object.fromEntries(ROLES.map((role) => [role, values[role] ?? []]));
  const files = await findDataFiles([...(values.data ?? []), ...positionals], given);
  requireRoles(files, ["train", "val", "test"]);
  for (const kind of request.kinds) await requireModelFolder(request.target(kind));

  const workshop = await createWorkshop(request.out);
  const progress = createProgress(output.progress);
  try {
    const jobs = buildJobs(request, files, workshop.folder);
    const results = await runFleet(jobs, { signal: output.signal, onProgress: progress.report });
    for (const { kind } of results) {
      await placeModel(join(workshop.folder, RELEASES[kind].folder), request.target(kind));
    }
    progress.end();
    for (const { kind, card } of results) {
      for (const caution of listCautions(card))
        output.progress.write(`warning: ${kind}: ${caution}\n`);
    }
    output.print(
      values.json
        ? `${JSON.stringify(results.map(summarise), undefined, 2)}\n`
        : renderResults(results, request.target),
    );
  } finally {
    await workshop.remove();
  }
}

/** One training for each model, which writes to a folder of its own in the workshop. */
function buildJobs(request: Request, files: DataFiles, folder: string): Job[] {
  return request.kinds.map((kind) => ({
    kind,
    files: {
      train: [...files.train],
      val: [...files.val],
      test: [...files.test],
      holdout: [...files.holdout],
    },
    excludeSources: request.excludeSources,
    seeds: request.seeds,
    twin: request.twin,
    folder: join(folder, RELEASES[kind].folder),
  }));
}

interface Request {
  readonly kinds: readonly ModelKind[];
  readonly out: string;
  readonly target: (kind: ModelKind) => string;
  readonly excludeSources: string[];
  readonly seeds: [number, ...number[]];
  readonly twin: boolean;
}

function readRequest(values: {
  readonly model: string;
  readonly out?: string;
  readonly seed: string;
  readonly twin: boolean;
  readonly "exclude-source"?: readonly string[];
}): Request {
  const { out } = values;
  const kinds = MODELS[values.model];
  if (kinds === undefined) {
    throw bad(`unknown model "${values.model}"; known are ${Object.keys(MODELS).join(", ")}`);
  }
  if (out === undefined || out === "")
    throw bad("--out names no folder; give one, as in --out models");
  const excludeSources = (values["exclude-source"] ?? [])
    .flatMap((list) => list.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (values.twin && excludeSources.length === 0) {
    throw bad("--twin compares with a model trained on all rows; give --exclude-source as well");
  }
  return {
    kinds,
    out,
    seeds: readSeeds(values.seed),
    excludeSources,
    twin: values.twin,
    target: (kind) => join(out, RELEASES[kind].folder),
  };
}

function readSeeds(text: string): [number, ...number[]] {
  const [first = Number.NaN, ...more] = text
    .split(",")
    .map((seed) => Number(seed.trim() || Number.NaN));
  for (const seed of [first, ...more]) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 31) {
      throw bad(`--seed must be whole numbers from 0 to ${2 ** 31}, found "${text}"`);
    }
  }
  return [first, ...more];
}

function bad(state: string): TrainingError {
  return new TrainingError("BAD_OPTION", `Cannot train: ${state}`);
}
