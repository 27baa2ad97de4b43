import { formatAmount } from "@hookline/command-line";
import type { ThirdPartyState } from "../cluster-state.ts";
import type { ProgramName } from "./binaries.ts";
import type { MailboxState } from "./mailbox.ts";
import type { ProgramStatus } from "./program-status.ts";
import type { Wanted } from "./wanted-release.ts";

/** A program that is wanted, and how it stands with it. */
export interface KnownProgram extends Wanted {
  readonly status: ProgramStatus;
}

/** What is said of each: whether it runs, or what is done in its stead, and why. */
export function describeThirdParty(
  wanted: readonly KnownProgram[],
  mailbox: MailboxState | undefined,
): readonly ThirdPartyState[] {
  const sendsMail = wanted.some(
    ({ program, status: { kind } }) =>
      program === "alertmanager" && (kind === "starting" || kind === "running"),
  );
  return wanted.map(({ name, image, program, status }) => {
    if (program === undefined) {
      return { name, image, runs: "nothing", text: "not run: nothing here knows its image" };
    }
    if (status.kind === "running") {
      return { name, image, runs: "binary", text: describeRunning(program, image, status) };
    }
    const why = describeAbsence(status);
    if (why === "is starting" && program !== "ratelimit") {
      return { name, image, runs: "nothing", text: "is starting" };
    }
    const instead = STAND_INS[program];
    const { runs, text } = typeof instead === "function" ? instead(sendsMail, mailbox) : instead;
    return { name, image, runs, text: why === "" ? text : `${text}; ${program} ${why}` };
  });
}

type Told = Pick<ThirdPartyState, "runs" | "text">;

type DescribeMailbox = (sendsMail: boolean, mailbox: MailboxState | undefined) => Told;

const MAILBOX = "the built-in mailbox stands in";
const STAND_INS: Readonly<Record<ProgramName, Told | DescribeMailbox>> = {
  ratelimit: { runs: "stand-in", text: "the built-in limiter stands in, with the same limits" },
  redis: { runs: "nothing", text: "not run: the built-in limiter counts in memory" },
  mailpit: (sendsMail, mailbox) => {
    if (mailbox !== undefined) {
      return { runs: "stand-in", text: `${MAILBOX}: ${describeMails(mailbox)}` };
    }
    return sendsMail
      ? { runs: "nothing", text: `${MAILBOX} once alertmanager is started` }
      : { runs: "nothing", text: "not run: no alert sends mail here" };
  },
  prometheus: { runs: "nothing", text: "not run: /_local/metrics and the pods have the metrics" },
  alertmanager: { runs: "nothing", text: "not run: no alert is sent" },
};

function describeMails({ count, newest }: MailboxState): string {
  if (newest === undefined) return "no mail yet";
  return `${formatAmount(count, "mail")}, the newest is "${newest}"`;
}

/** Why a program that is wanted does not run; empty when nobody asked for it. */
function describeAbsence(status: Exclude<ProgramStatus, { readonly kind: "running" }>): string {
  switch (status.kind) {
    case "off":
      return "";
    case "absent":
      return "is not installed";
    case "starting":
      return status.lastEnd === null ? "is starting" : `starts anew: ${status.lastEnd}`;
    case "failed":
      return `does not run: ${status.why}`;
  }
}

/** Programs with a page for people. */
const PAGES: ReadonlySet<ProgramName> = new Set(["alertmanager", "mailpit", "prometheus"]);

function describeRunning(
  program: ProgramName,
  image: string,
  { port, version }: Extract<ProgramStatus, { readonly kind: "running" }>,
): string {
  const where = PAGES.has(program) ? `at http://127.0.0.1:${port}` : `on port ${port}`;
  const runs = `runs ${where}`;
  if (version === undefined) return runs;
  const [, asked] = /:v?(\d+\.\d+\.\d+)/.exec(image) ?? [];
  const other = asked === undefined || asked === version ? "" : `, the overlay's is ${asked}`;
  return `${runs}, version ${version}${other}`;
}
