// Prometheus with the overlay's rules, Alertmanager with its routes, and a mailbox at their end.
import { messageOf } from "@hookline/command-line";
import type { EndpointSource } from "../data-plane/endpoints.ts";
import { wantsAlertmanager, writeAlertmanagerFiles } from "./alertmanager.ts";
import type { ProgramName } from "./binaries.ts";
import type { InstalledPrograms } from "./installed-programs.ts";
import { type Mailbox, type MailboxState, openMailbox } from "./mailbox.ts";
import { buildOperatedWorkload } from "./operated-workload.ts";
import { wantsPrometheus, writePrometheusFiles, writeTargets } from "./prometheus.ts";
import type { WantedRelease } from "./wanted-release.ts";

export interface MonitoringOptions {
  /** The pods that are scraped. */
  readonly endpoints: EndpointSource;
  readonly log: (pod: string, line: string) => void;
  /** Takes a sentence about what cannot be done, and keeps nothing from running. */
  readonly tell: (sentence: string) => void;
  /** Between two scrapes, for tests that cannot wait. */
  readonly intervalSeconds?: number;
}

/** A program that hangs must not keep the others from being started. */
const RELOAD_LIMIT_MS = 5_000;

/** What watches the cluster, as far as it is installed. */
export class Monitoring {
  readonly #installed: InstalledPrograms;
  readonly #options: MonitoringOptions;
  #mailbox: Mailbox | undefined;
  #unsubscribe: (() => void) | undefined;
  #isTargetsTold = false;

  constructor(installed: InstalledPrograms, options: MonitoringOptions) {
    this.#installed = installed;
    this.#options = options;
  }

  /** What stands in for the mailbox has got; undefined while nothing does. */
  get mailbox(): MailboxState | undefined {
    return this.#mailbox?.state();
  }

  /** Starts what a release asks for, or gives those that run its files. The order is that of an alert, backwards. */
  async bringIn(release: WantedRelease, gateway: string): Promise<void> {
    if (wantsAlertmanager(release.resources) && this.#installed.has("alertmanager")) {
      await this.#attempt("alertmanager", () => this.#bringInAlertmanager(release));
    }
    if (wantsPrometheus(release.resources) && this.#installed.has("prometheus")) {
      await this.#attempt("prometheus", () => this.#bringInPrometheus(release, gateway));
    }
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#mailbox?.stop();
  }

  /** What cannot be written or is not known here is a reason not to run the program, not to end. */
  async #attempt(program: ProgramName, bringIn: () => Promise<void>): Promise<void> {
    try {
      await bringIn();
    } catch (error) {
      await this.#installed.refuse(program, messageOf(error));
    }
  }

  async #bringInAlertmanager({ plan, resources }: WantedRelease): Promise<void> {
    const mailpit = plan.thirdParty.find(({ program }) => program === "mailpit")?.workload;
    if (mailpit !== undefined) await this.#installed.bringIn("mailpit", mailpit);
    const mailPort = mailpit && this.#installed.portOf(mailpit.name, "tcp-smtp");
    if (mailPort === undefined) this.#mailbox ??= openMailbox();
    writeAlertmanagerFiles(this.#installed.folderOf("alertmanager"), resources, {
      mailPort: mailPort ?? this.#mailbox?.port ?? 0,
    });
    await this.#startOrReload("alertmanager", plan.namespace);
  }

  async #bringInPrometheus({ plan, resources }: WantedRelease, gateway: string): Promise<void> {
    const { endpoints, intervalSeconds } = this.#options;
    const folder = this.#installed.folderOf("prometheus");
    writePrometheusFiles(folder, resources, {
      gateway,
      alertmanagerPort: this.#installed.portOf("alertmanager", "http"),
      intervalSeconds,
    });
    writeTargets(folder, endpoints);
    this.#unsubscribe ??= endpoints.subscribe(() => this.#rewriteTargets(folder));
    await this.#startOrReload("prometheus", plan.namespace);
  }

  /** Whoever tells of a pod must not fail for it. It is told once, not at every pod. */
  #rewriteTargets(folder: string): void {
    try {
      writeTargets(folder, this.#options.endpoints);
      this.#isTargetsTold = false;
    } catch (error) {
      if (this.#isTargetsTold) return;
      this.#isTargetsTold = true;
      const why = messageOf(error);
      this.#options.tell(
        `Cannot tell prometheus of the pods: ${why}; it goes on with those that it knows`,
      );
    }
  }

  async #startOrReload(program: "alertmanager" | "prometheus", namespace: string): Promise<void> {
    const port = this.#installed.portOf(program, "http");
    if (port === undefined) {
      await this.#installed.bringIn(program, buildOperatedWorkload(program, namespace));
      return;
    }
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/-/reload`, {
        method: "POST",
        signal: AbortSignal.timeout(RELOAD_LIMIT_MS),
      });
      if (!answer.ok) this.#options.log(program, await answer.text());
    } catch (error) {
      // It ended a moment ago, and reads its files when it starts anew.
      this.#options.log(program, messageOf(error));
    }
  }
}
