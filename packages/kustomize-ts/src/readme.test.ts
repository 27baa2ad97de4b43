// Needs git.
import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOM = join(import.meta.dir, "..");
const CLI = join(import.meta.dir, "cli.ts");

/** The commands of the README's console blocks, each with the lines that it prints. */
function readSession(): readonly { readonly command: string; readonly output: string }[] {
  const blocks = readFileSync(join(ROOM, "README.md"), "utf8").matchAll(
    /^```console\n(.*?)^```/gms,
  );
  return [...blocks].flatMap(([, block = ""]) =>
    block.split(/^\$ /m).flatMap((part) => {
      const [command = "", ...lines] = part.split("\n");
      return command === "" ? [] : [{ command, output: lines.join("\n") }];
    }),
  );
}

function run(words: readonly string[], cwd: string): string {
  const { stdout, stderr } = Bun.spawnSync([...words], { cwd });
  return `${stderr}${stdout}`;
}

/** Types what the README has a person type first, as somebody whom Git does not know; gives where that leads. */
function prepare(home: string): string {
  const block = /^```sh\n(.*?)^```/ms.exec(readFileSync(join(ROOM, "README.md"), "utf8"))?.[1];
  const env = { PATH: process.env["PATH"], HOME: home, TMPDIR: home, GIT_CONFIG_NOSYSTEM: "1" };
  const script = `set -e\n${block}\ngit log --oneline >&2\npwd`;
  const { stdout, stderr } = Bun.spawnSync(["bash", "-c", script], {
    cwd: join(ROOM, "../.."),
    env,
  });
  expect(stderr.toString()).toEndWith(" first\n");
  return stdout.toString().trim();
}

test("what the README shows is what the commands print", () => {
  const home = mkdtempSync(join(tmpdir(), "kustomize-readme-"));
  try {
    let cwd = prepare(home);
    const session = readSession();
    expect(session.length).toBeGreaterThan(3);
    for (const { command, output } of session) {
      const [program = "", ...words] = command.split(" ");
      if (program === "cd") {
        cwd = resolve(cwd, words[0] ?? ".");
      } else {
        const real = program === "kustomize" ? [process.execPath, CLI] : [program];
        expect(`$ ${command}\n${run([...real, ...words], cwd)}`).toBe(`$ ${command}\n${output}`);
      }
    }
  } finally {
    rmSync(home, { recursive: true });
  }
}, 120_000);
