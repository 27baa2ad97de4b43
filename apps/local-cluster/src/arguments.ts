import { parseArgs } from "node:util";
import { describeFailure } from "@hookline/command-line";
import { UpError } from "./errors.ts";

/** Where the gateway listens, and where status asks, unless told otherwise. */
export const DEFAULT_PORT = 8080;

export const HELP = `Usage: bun run up [OVERLAY] [OPTION…]

Renders gitops/overlays/OVERLAY (default production), runs its Deployments as processes of this
machine behind a gateway that obeys its routes, mirrors and limits, and prints where that is.
Ctrl-C stops all of it; a second Ctrl-C does not wait. A page of what runs is at /_local.

  --port PORT       port of the gateway on 127.0.0.1; 0 takes a free one (default ${DEFAULT_PORT})
  --replicas N      pods of each Deployment, in place of what the overlay says
  --watch           deploys what is saved in gitops/
  --git             deploys each commit of the branch that is checked out, not what lies there
  --gitops FOLDER   the folder that holds overlays/ (default: this repository's gitops/)
  --stand-ins       runs no program of others, such as Redis or Prometheus, though it is installed
  --logs            prints what the pods and the gateway log
  --json            prints events as JSON lines
  --help            prints this

A wrong call ends with 2, any other failure with 1. bun run status tells what runs; see its --help.
`;

export const STATUS_HELP = `Usage: bun run status [--port PORT] [--json]

Tells what runs, from the cluster that bun run up started: its overlay, its pods, who got the requests.

  --port PORT    port of its gateway on 127.0.0.1 (default ${DEFAULT_PORT})
  --json         prints the whole state as JSON
  --help         prints this

A wrong call ends with 2; where no cluster is found it ends with 1.
`;

export interface UpArguments {
  readonly kind: "up";
  readonly overlay: string;
  readonly port: number;
  readonly replicas: number | undefined;
  readonly follow: "files" | "git" | "nothing";
  readonly gitops: string | undefined;
  readonly standIns: boolean;
  readonly logs: boolean;
  readonly json: boolean;
}

/** What the command line asks for. */
export type Arguments =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "status"; readonly port: number; readonly json: boolean }
  | UpArguments;

/** Parses the words after the program's name; throws an UpError that names the wrong one. */
export function parseArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words);
  const [command, overlay, ...more] = positionals;
  if (values.help) return { kind: "help", text: command === "status" ? STATUS_HELP : HELP };
  if (command !== "up" && command !== "status") {
    refuse(`Cannot run ${command === undefined ? "nothing" : `"${command}"`}: up and status exist`);
  }
  const [extra] = command === "status" ? [overlay, ...more] : more;
  if (extra !== undefined) refuse(`Cannot use "${extra}": ${command} takes no more words`);
  const port = parseNumber("--port", values.port, { least: 0, most: 65_535 });
  if (command === "status") return { kind: "status", port, json: values.json };
  if (values.watch && values.git) refuse("Cannot use --watch with --git: choose what is followed");
  return {
    kind: "up",
    overlay: overlay ?? "production",
    port,
    replicas:
      values.replicas === undefined
        ? undefined
        : parseNumber("--replicas", values.replicas, { least: 1, most: 20 }),
    follow: values.git ? "git" : values.watch ? "files" : "nothing",
    gitops: values.gitops,
    standIns: values["stand-ins"],
    logs: values.logs,
    json: values.json,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        port: { type: "string", default: String(DEFAULT_PORT) },
        replicas: { type: "string" },
        gitops: { type: "string" },
        watch: { type: "boolean", default: false },
        git: { type: "boolean", default: false },
        "stand-ins": { type: "boolean", default: false },
        logs: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const command = words[0] === "status" ? "status" : "up";
    throw new UpError(
      `Cannot read the arguments: ${describeFailure(error)}; see bun run ${command} --help`,
      {
        code: "BAD_ARGUMENT",
        cause: error,
      },
    );
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function parseNumber(option: string, text: string, { least, most }: Range): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= least && number <= most) return number;
  return refuse(`Cannot use ${option} "${text}": expected a number from ${least} to ${most}`);
}

function refuse(message: string): never {
  throw new UpError(message, { code: "BAD_ARGUMENT" });
}
