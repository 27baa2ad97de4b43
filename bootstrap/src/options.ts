import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure, messageOf } from "@hookline/command-line";
import { BootstrapError } from "./errors.ts";

const COMMANDS = [
  "up",
  "status",
  "credentials",
  "open",
  "remote",
  "download",
  "uninstall",
] as const;
export type Command = (typeof COMMANDS)[number];

/** What was asked for on the command line; paths are absolute. */
export interface Options {
  readonly command: Command;
  readonly help: boolean;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly yes: boolean;
  readonly orphan: boolean;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly repo: string | undefined;
  readonly revision: string | undefined;
  readonly overlays: readonly string[];
  readonly deployKey: string | undefined;
  readonly knownHosts: string | undefined;
  readonly tokenFile: string | undefined;
  readonly prepared: string;
  readonly offline: boolean;
  readonly charts: string | undefined;
  readonly arch: readonly string[];
  readonly timeoutMs: number;
  readonly patienceMs: number;
}

export const USAGE = `Usage: bun run bootstrap [COMMAND] [OPTION…]

From any Kubernetes cluster to one that pulls its state from Git. Each command can be repeated.

  (none)        reach the cluster, install Argo CD, give it the repository, apply the root, wait
  status        each application, and what is wrong with it
  credentials   the passwords that Argo CD and Grafana drew for themselves
  open          forwards Argo CD, Grafana, Prometheus, Alertmanager and the app to this machine
  remote        adds the Git remote \`cluster\`: the repository on Vagrant's control node
  download      fills a folder with all that is needed without internet
  uninstall     takes away the applications, all they deployed, and Argo CD (asks for --yes)

  --kubeconfig FILE    else KUBECONFIG, bootstrap/k3s/kubeconfig, ~/.kube/config
  --context NAME       of the kubeconfig; else the current one
  --repo URL           what Argo CD pulls; else the remote \`cluster\`, else \`origin\`
  --revision NAME      branch, tag or commit (default main)
  --overlay NAME       deploys this overlay; again for more; else those that say \`deploy: "true"\`
  --deploy-key FILE    a private key that may read an SSH repository (default bootstrap/k3s/deploy-key)
  --known-hosts FILE   the host keys of an SSH repository (default bootstrap/k3s/known-hosts)
  --token-file FILE    a token that may read an HTTPS repository
  --offline            Argo CD takes charts from the control node, which has what \`download\` prepared
  --charts URL         the same from another place: the prepared folder \`charts\` on any web server
  --prepared DIR       the folder of \`download\` (default bootstrap/k3s/prepared)
  --arch LIST          for \`download\`: the machines' (default amd64,arm64)
  --timeout SECONDS    for each wait (default 1800)
  --patience SECONDS   how long an application may be ill (default 180)
  --dry-run            the server checks and tells, nothing is kept; for (none) and \`uninstall\`
  --force              takes over fields that others have set
  --orphan             for \`uninstall\`: what was deployed stays
  --yes                for \`uninstall\`: really does it
  --json               prints one object a line
  --help               prints this

A wrong call ends with 2, Ctrl-C with 130, any other failure with 1.`;

const FLAG = { type: "boolean", default: false } as const;
const TEXT = { type: "string" } as const;

/** The command line as options. Refuses what it does not know. */
export function parseOptions(words: readonly string[], root: string): Options {
  const { values, positionals } = parseWords(words);
  const [word = "up", ...rest] = positionals;
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined || rest.length > 0) {
    throw refuse(`there is no command "${[word, ...rest].join(" ")}"`);
  }
  // Else a command would do what it was asked only to tell.
  if (values["dry-run"] && command !== "up" && command !== "uninstall") {
    throw refuse(`${command} knows no --dry-run`);
  }
  const path = (file: string) => (isAbsolute(file) ? file : join(root, file));
  return {
    command,
    help: values.help,
    json: values.json,
    dryRun: values["dry-run"],
    force: values.force,
    yes: values.yes,
    orphan: values.orphan,
    kubeconfig: values.kubeconfig,
    context: values.context,
    repo: values.repo,
    revision: values.revision,
    overlays: checkOverlays(values.overlay ?? [], root),
    deployKey: values["deploy-key"],
    knownHosts: values["known-hosts"],
    tokenFile: values["token-file"],
    offline: values.offline,
    charts: checkCharts(values.charts),
    prepared: path(values.prepared ?? "bootstrap/k3s/prepared"),
    arch: (values.arch ?? "amd64,arm64").split(","),
    timeoutMs: parseSeconds("--timeout", values.timeout ?? "1800"),
    patienceMs: parseSeconds("--patience", values.patience ?? "180"),
  };
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        help: FLAG,
        json: FLAG,
        "dry-run": FLAG,
        force: FLAG,
        yes: FLAG,
        orphan: FLAG,
        offline: FLAG,
        kubeconfig: TEXT,
        context: TEXT,
        repo: TEXT,
        revision: TEXT,
        overlay: { type: "string", multiple: true },
        "deploy-key": TEXT,
        "known-hosts": TEXT,
        "token-file": TEXT,
        prepared: TEXT,
        charts: TEXT,
        arch: TEXT,
        timeout: TEXT,
        patience: TEXT,
      },
    });
  } catch (cause) {
    throw refuse(describeFailure(cause), cause);
  }
}

function parseSeconds(name: string, text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0 || text.trim() === "") {
    throw refuse(`${name} "${text}" is no number of seconds`);
  }
  return seconds * 1000;
}

function checkOverlays(overlays: readonly string[], root: string): readonly string[] {
  for (const overlay of overlays) {
    const file = join("gitops", "overlays", overlay, "environment.yaml");
    if (!/^[a-z0-9-]+$/.test(overlay) || !existsSync(join(root, file))) {
      throw refuse(`there is no overlay "${overlay}" (no ${file})`);
    }
  }
  return overlays;
}

function checkCharts(url: string | undefined): string | undefined {
  if (url === undefined || (/^https?:/.test(url) && URL.canParse(url))) return url;
  throw refuse(`--charts "${url}" is no address of a web server`);
}

/** The text of a file that an option names; undefined where it is only the default and not there. */
export function readOptionFile(
  root: string,
  given: string | undefined,
  usual: string | undefined,
): string | undefined {
  const named = given ?? usual;
  if (named === undefined) return undefined;
  const file = isAbsolute(named) ? named : join(root, named);
  if (!existsSync(file)) {
    if (given === undefined) return undefined;
    throw refuse(`there is no file "${given}"`);
  }
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw refuse(`"${named}" cannot be read: ${messageOf(cause)}`, cause);
  }
}

function refuse(reason: string, cause?: unknown): BootstrapError {
  return new BootstrapError(`Cannot read the command line: ${reason}`, {
    code: "USAGE",
    next: "See `bun run bootstrap --help`",
    cause,
  });
}
