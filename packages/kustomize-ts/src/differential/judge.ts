import { readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** The real Kustomize on this machine. */
export interface Judge {
  readonly program: string;
  /** The words before the folder. */
  readonly words: readonly string[];
  /** Its version as numbers: [5, 5, 0]. */
  readonly version: readonly number[];
}

/** What a build came to: its text, or what went wrong. */
export type Verdict = { readonly text: string } | { readonly error: string };

/**
 * Finds the newest Kustomize: the program that KUSTOMIZE names, or `kubectl` and the versions of it that
 * lie beside it (a cloud SDK keeps several). Undefined when there is none.
 */
export function findJudge(env: Readonly<Record<string, string | undefined>>): Judge | undefined {
  const own = env["KUSTOMIZE"];
  if (own !== undefined && own !== "") {
    const version = parseVersion(run([own, "version"]).stdout);
    return version === undefined ? undefined : { program: own, words: ["build"], version };
  }
  const judges = kubectls().flatMap((program) => {
    const { stdout } = run([program, "version", "--client"]);
    const version = parseVersion(/Kustomize Version: (.*)/.exec(stdout)?.[1] ?? "");
    return version === undefined ? [] : [{ program, words: ["kustomize"], version }];
  });
  return judges.sort((left, right) => compareVersions(right.version, left.version))[0];
}

/** Builds a folder with the real one. */
export async function judge({ program, words }: Judge, folder: string): Promise<Verdict> {
  const child = Bun.spawn([program, ...words, folder], {
    env: createEnvironment(),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return (await child.exited) === 0 ? { text } : { error };
}

/** Below zero when `left` is the older. */
export function compareVersions(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((part, index) => part !== right[index]);
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function kubectls(): readonly string[] {
  const first = Bun.which("kubectl");
  if (first === null) {
    return [];
  }
  const folder = dirname(realpathSync(first));
  const beside = readdirSync(folder).filter((name) => /^kubectl\.\d+\.\d+$/.test(name));
  return [first, ...beside.map((name) => join(folder, name))];
}

function parseVersion(text: string): readonly number[] | undefined {
  const parts = /v(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1);
  return parts?.map(Number);
}

function run(command: readonly string[]): { readonly stdout: string } {
  const child = Bun.spawnSync([...command], {
    env: createEnvironment(),
    stderr: "ignore",
    timeout: 20_000,
  });
  return { stdout: child.stdout.toString() };
}

/**
 * With a kubeconfig that leads nowhere: a cloud vendor's `kubectl` asks the server for its version before
 * it does anything, and without a kubeconfig waits a minute for one that is not there.
 */
export function createEnvironment(): Record<string, string | undefined> {
  return { ...process.env, KUBECONFIG: join(import.meta.dirname, "nowhere.json") };
}
