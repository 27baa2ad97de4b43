// The programs of others in an overlay: those that are installed run, for the rest something stands in.
import { messageOf } from "@hookline/command-line";
import type { LimitCall, LimiterAnswer } from "@hookline/mesh";
import type { ThirdPartyState } from "../cluster-state.ts";
import { askLimiter } from "./ask-limiter.ts";
import { describeThirdParty, type KnownProgram } from "./describe.ts";
import { InstalledPrograms, type InstalledProgramsOptions } from "./installed-programs.ts";
import { Monitoring, type MonitoringOptions } from "./monitoring.ts";
import { listWanted, type WantedRelease } from "./wanted-release.ts";

export type ThirdPartyOptions = InstalledProgramsOptions & MonitoringOptions;

/** Nothing here keeps a release from running: what does not run is told. */
export class ThirdPartyPrograms {
  readonly #installed: InstalledPrograms;
  readonly #monitoring: Monitoring;
  readonly #tell: (sentence: string) => void;
  #limiter = "";
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ThirdPartyOptions) {
    this.#tell = options.tell;
    this.#installed = new InstalledPrograms(options);
    this.#monitoring = new Monitoring(this.#installed, options);
  }

  /** Redis and the limiter, which answer requests beside us; resolves when they are ready or given up. */
  async bringInLimiter({ plan }: WantedRelease): Promise<void> {
    await this.#inTurn("the limiter", async () => {
      this.#installed.services = plan.services;
      // The limiter looks for Redis when it starts.
      for (const wanted of ["redis", "ratelimit"] as const) {
        const one = plan.thirdParty.find(({ program }) => program === wanted);
        if (wanted === "ratelimit") this.#limiter = one?.workload.name ?? "";
        if (one !== undefined) await this.#installed.bringIn(wanted, one.workload);
      }
    });
  }

  /** What nobody waits for: mailbox, Alertmanager, Prometheus. Ends what the release does not want any more. */
  async bringInMonitoring(release: WantedRelease, gateway: string): Promise<void> {
    await this.#inTurn("the monitoring", async () => {
      await this.#installed.keepOnly(new Set(listWanted(release).map(({ name }) => name)));
      await this.#monitoring.bringIn(release, gateway);
    });
  }

  /** What is said of each that the release asks for. */
  describe(release: WantedRelease): readonly ThirdPartyState[] {
    const wanted = listWanted(release).map(({ name, image, program }): KnownProgram => {
      const status = program === undefined ? ABSENT : this.#installed.statusOf(program, name);
      return { name, image, program, status };
    });
    return describeThirdParty(wanted, this.#monitoring.mailbox);
  }

  /** Resolves when all that was begun so far runs or is given up. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** Whether a limiter that is installed is there to be asked. */
  get hasLimiter(): boolean {
    return this.#limiterPort() !== undefined;
  }

  async check(call: LimitCall): Promise<LimiterAnswer> {
    return await askLimiter(`http://127.0.0.1:${this.#limiterPort()}`, call);
  }

  async stop(): Promise<void> {
    this.#monitoring.stop();
    await this.#installed.stop();
    await this.#queue;
  }

  kill(): void {
    this.#installed.kill();
  }

  #limiterPort(): number | undefined {
    return this.#installed.portOf(this.#limiter, "http");
  }

  /**
   * One release after the other. Never throws: nobody waits for the end of one, so that an error would
   * end all that runs.
   */
  async #inTurn(what: string, work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work).catch((error: unknown) => {
      this.#tell(`Cannot bring in ${what}: ${messageOf(error)}; all else goes on`);
    });
    this.#queue = turn;
    await turn;
  }
}

const ABSENT = { kind: "absent" } as const;
