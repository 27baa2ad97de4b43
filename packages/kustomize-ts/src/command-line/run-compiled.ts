import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** What program.ts exports. */
interface Program {
  main(words: readonly string[]): Promise<void>;
}

const ROOM = join(import.meta.dir, "../..");
/** Names without a second dot: no tests, and nothing that an editor leaves beside a file. */
const SOURCE = /(?:^|[\\/])[\w-]+\.ts$/;
const KEPT = join(ROOM, "node_modules/.cache/compiled");
/** No command takes that long to compile, however busy the machine. */
const DRAFT_MS = 10 * 60_000;

/**
 * Runs one command. Half the time of a short one goes into reading and compiling the sources, so the
 * first leaves them compiled, under a hash of all that went in: what is found by that name is never
 * of other sources. Where nothing can be kept, every command runs from the sources.
 */
export async function runCompiled(words: readonly string[]): Promise<void> {
  const hash = hashSources();
  const kept = await loadKept(hash);
  if (kept !== undefined) return kept.main(words);
  const { main } = await import("../program.ts");
  await main(words);
  await keep(hash);
}

/** Of the texts, not of their times: a copy or a checkout may bring back an older one. */
function hashSources(): string {
  const sources = readdirSync(join(ROOM, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => SOURCE.test(name))
    .sort();
  let hash = Bun.hash(`${Bun.revision} ${process.platform} ${process.arch} ${sources.join(" ")}`);
  for (const name of ["../package.json", ...sources]) {
    hash = Bun.hash(readFileSync(join(ROOM, "src", name)), BigInt(hash));
  }
  return hash.toString(36);
}

async function loadKept(hash: string): Promise<Program | undefined> {
  try {
    const { main } = await import(join(KEPT, hash, "program.js"));
    return typeof main === "function" ? { main } : undefined;
  } catch {
    // Not there, or left unfinished by a machine that stopped: the sources do the same.
    return undefined;
  }
}

async function keep(hash: string): Promise<void> {
  try {
    await compile(hash);
  } catch {
    // A folder that is read-only, full, or being filled by another: nothing is lost but time.
  }
}

/** Writes beside and moves into place whole, so that commands that run at once disturb none. */
async function compile(hash: string): Promise<void> {
  const draft = join(KEPT, `${hash}-${crypto.randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  try {
    await Bun.build({
      entrypoints: [join(ROOM, "src/program.ts")],
      outdir: draft,
      target: "bun",
      format: "cjs",
      bytecode: true,
      packages: "external",
    });
    if (hashSources() !== hash) throw new Error("Cannot keep the program: a source has changed");
    rmSync(join(KEPT, hash), { recursive: true, force: true });
    renameSync(draft, join(KEPT, hash));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  removeOthers(hash);
}

/** Of other sources, and drafts whose command was killed; a young one may still be written to. */
function removeOthers(hash: string): void {
  for (const name of readdirSync(KEPT)) {
    const path = join(KEPT, name);
    const isYoung = Date.now() - statSync(path).mtimeMs < DRAFT_MS;
    if (name === hash || (name.includes("-") && isYoung)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
