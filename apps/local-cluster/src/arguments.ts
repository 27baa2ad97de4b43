import { parseArgs } from "node:util";
import { UpError } from "./errors.ts";

export const HELP = `Usage: bun run up [--port <port>] [--model v1|v2] [--variant v1|v2] [--json]

Starts the model service and the page on this machine and prints where the page is.
Ctrl-C stops both.

  --port <port>    port of the page on 127.0.0.1; 0 takes a free one (default 8080)
  --model v1|v2    v1 is linear, with exact explanations; v2 adds a network (default v1)
  --variant v1|v2  which colours the two buttons have (default v1)
  --json           print events as JSON lines
  --help           print this
`;

/** What the command line asks for. */
export type Arguments =
  | { readonly kind: "help" }
  | {
      readonly kind: "up";
      readonly port: number;
      readonly model: "v1" | "v2";
      readonly variant: "v1" | "v2";
      readonly json: boolean;
    };

/** Parses the words after the program's name; throws an UpError that names the wrong one. */
export function parseArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words);
  if (values.help) return { kind: "help" };
  if (positionals.length !== 1 || positionals[0] !== "up") {
    const found = positionals.length === 0 ? "nothing" : `"${positionals.join(" ")}"`;
    throw new UpError(`Cannot run ${found}: the command is "up"`, { code: "BAD_ARGUMENT" });
  }
  return {
    kind: "up",
    port: parsePort(values.port),
    model: parseVersion("--model", values.model),
    variant: parseVersion("--variant", values.variant),
    json: values.json,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        port: { type: "string", default: "8080" },
        model: { type: "string", default: "v1" },
        variant: { type: "string", default: "v1" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Its first sentence; Node goes on with advice on positional arguments, which there are none of.
    const [why = message] = message.split(". ");
    throw new UpError(`Cannot read the arguments: ${why}; see bun run up --help`, {
      code: "BAD_ARGUMENT",
      cause: error,
    });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  const message = `Cannot use --port "${text}": expected a number from 0 to 65535`;
  throw new UpError(message, { code: "BAD_ARGUMENT" });
}

function parseVersion(option: string, text: string): "v1" | "v2" {
  if (text === "v1" || text === "v2") return text;
  throw new UpError(`Cannot use ${option} "${text}": v1 and v2 exist`, { code: "BAD_ARGUMENT" });
}
