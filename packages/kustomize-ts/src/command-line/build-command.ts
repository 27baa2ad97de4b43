import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, type BuildResult, build } from "../build.ts";
import { BuildError } from "../errors.ts";
import { emitYaml } from "../yaml.ts";
import { describeFlags, type FlagSpecs, type Flags, parseFlags } from "./flags.ts";
import { formatJson, type Output, succeed } from "./output.ts";
import { nameFiles } from "./output-files.ts";

/** The flags that decide what a build renders; `diff` takes them too. */
export const RENDER_FLAGS: FlagSpecs = {
  "load-restrictor": {
    kind: "string",
    value: "RULE",
    about: "LoadRestrictionsNone: files may lie outside the root (LoadRestrictionsRootOnly)",
  },
  "enable-helm": { kind: "boolean", about: "inflate helmCharts with the helm program" },
  "helm-command": { kind: "string", value: "PROGRAM", about: "the helm program (helm)" },
  "helm-api-versions": {
    kind: "list",
    value: "VERSION",
    about: "an API version that charts are told of; may be given again",
  },
  "helm-kube-version": {
    kind: "string",
    value: "VERSION",
    about: "the Kubernetes that charts are told of",
  },
  "helm-debug": { kind: "boolean", about: "let helm say more of what it does" },
  "allow-remote": { kind: "boolean", about: "fetch remote resources with git" },
  reorder: { kind: "string", value: "ORDER", about: "legacy: sort by kind; none: do not sort" },
  "enable-managedby-label": {
    kind: "boolean",
    about: "add the label app.kubernetes.io/managed-by",
  },
};

const OF_FUNCTIONS = "of functions, which are refused: changes nothing";

/** What else the real one takes, mostly for functions; scripts that pass it go on. */
const IDLE_FLAGS: FlagSpecs = {
  "enable-alpha-plugins": { kind: "boolean", about: OF_FUNCTIONS },
  "enable-exec": { kind: "boolean", about: OF_FUNCTIONS },
  "as-current-user": { kind: "boolean", about: OF_FUNCTIONS },
  env: { kind: "list", short: "e", value: "NAME=VALUE", about: OF_FUNCTIONS },
  mount: { kind: "list", value: "OPTIONS", about: OF_FUNCTIONS },
  network: { kind: "boolean", about: OF_FUNCTIONS },
  "network-name": { kind: "string", value: "NAME", about: OF_FUNCTIONS },
  "stack-trace": { kind: "boolean", about: "changes nothing" },
};

const FLAGS: FlagSpecs = {
  output: {
    kind: "string",
    short: "o",
    value: "PATH",
    about: "write to a file, or one file a resource to a folder",
  },
  json: { kind: "boolean", about: "print a JSON list of the resources" },
  ...RENDER_FLAGS,
  ...IDLE_FLAGS,
  help: { kind: "boolean", short: "h", about: "print this" },
};

const HELP = `Usage: kustomize build [DIR] [flags]

Renders the kustomization in DIR (.) and prints it.

Flags:
${describeFlags(FLAGS)}`;

/** `build [DIR]`: renders and prints or writes. Throws BuildError, RangeError for a wrong word. */
export function runBuild(words: readonly string[]): Output {
  const flags = parseFlags(words, FLAGS);
  if (flags.isOn("help")) {
    return succeed(HELP);
  }
  const [path = ".", ...rest] = flags.positional;
  if (rest.length > 0) {
    throw new RangeError("specify one path to kustomization.yaml");
  }
  const result = build(path, readRenderFlags(flags));
  const warnings = [...warnOfFlags(flags), ...result.warnings].map((line) => `${line}\n`).join("");
  const output = flags.text("output");
  if (output === undefined) {
    return succeed(flags.isOn("json") ? formatResources(result) : result.text, warnings);
  }
  writeOutput(output, result, flags.isOn("json"));
  return succeed("", warnings);
}

/** What the real one says of flags that will go. */
const DEPRECATED: readonly (readonly [flag: string, instead: string])[] = [
  [
    "enable-managedby-label",
    "The flag `enable-managedby-label` has been deprecated. Use the `managedByLabel` option in the `buildMetadata` field instead.",
  ],
  ["reorder", "use the new 'sortOptions' field in kustomization.yaml instead."],
];

function warnOfFlags(flags: Flags): string[] {
  return DEPRECATED.filter(([flag]) => flags.has(flag)).map(
    ([flag, instead]) => `Flag --${flag} has been deprecated, ${instead}`,
  );
}

/** The options of a build that the flags ask for. */
export function readRenderFlags(flags: Flags): BuildOptions {
  const restrictor = flags.text("load-restrictor") ?? "";
  const loadRestrictor = RESTRICTORS.get(restrictor);
  if (loadRestrictor === undefined) {
    throw illegalValue(
      "load-restrictor",
      restrictor,
      "LoadRestrictionsRootOnly LoadRestrictionsNone",
    );
  }
  const reorder = flags.text("reorder") ?? "unspecified";
  const isWord = reorder === "none" || reorder === "legacy";
  if (!isWord && (reorder !== "unspecified" || flags.has("reorder"))) {
    throw illegalValue("reorder", reorder, "legacy none");
  }
  return {
    loadRestrictor,
    reorder,
    enableHelm: flags.isOn("enable-helm"),
    helmCommand: flags.text("helm-command") ?? "helm",
    helmApiVersions: flags.list("helm-api-versions"),
    helmKubeVersion: flags.text("helm-kube-version") ?? "",
    helmDebug: flags.isOn("helm-debug"),
    allowRemote: flags.isOn("allow-remote"),
    managedByLabel: flags.isOn("enable-managedby-label"),
  };
}

function illegalValue(flag: string, value: string, legal: string): RangeError {
  return new RangeError(`illegal flag value --${flag} ${value}; legal values: [${legal}]`);
}

const RESTRICTORS = new Map<string, "none" | "root-only">([
  ["", "root-only"],
  ["LoadRestrictionsRootOnly", "root-only"],
  ["LoadRestrictionsNone", "none"],
]);

function formatResources({ resources }: BuildResult): string {
  return formatJson(resources.map(({ value }) => value));
}

function writeOutput(output: string, result: BuildResult, json: boolean): void {
  try {
    if (statSync(output, { throwIfNoEntry: false })?.isDirectory() !== true) {
      writeFileSync(output, json ? formatResources(result) : result.text);
      return;
    }
    for (const { name, resource } of nameFiles(result.resources)) {
      writeFileSync(join(output, name), emitYaml(resource.value));
    }
  } catch (error) {
    throw notWritten(output, error);
  }
}

function notWritten(output: string, cause: unknown): BuildError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BuildError("NOT_WRITTEN", `Cannot write "${output}": ${reason}`, { cause });
}
