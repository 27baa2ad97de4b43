import { expect, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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

test("what the README shows is what the commands print", () => {
  const home = mkdtempSync(join(tmpdir(), "kustomize-readme-"));
  try {
    cpSync(join(ROOM, "testdata/readme"), home, { recursive: true });
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    run(["git", "init", "--quiet"], home);
    run(["git", "add", "."], home);
    run(["git", ...who, "commit", "--quiet", "--message=first"], home);
    let cwd = home;
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
}, 30_000);
