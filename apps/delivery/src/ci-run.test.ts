import { afterAll, expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const GATE = join(import.meta.dirname, "../../../.ci/run");
const root = mkdtempSync(join(tmpdir(), "hookline-ci-run-"));
afterAll(() => rmSync(root, { recursive: true }));

/** For Bun: tests that do not end, and a fuzzer with a server. */
const BUN = `#!/bin/sh
case "$*" in
  "run test") exec sleep 300 ;;
  *fuzz.ts*) sleep 300 & echo $! > server.new; mv server.new server; wait ;;
esac
`;
const PROGRAMS = ["bash", "dirname", "mktemp", "mv", "rm", "sed", "sh", "sleep", "tee"];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("Ctrl-C of .ci/run ends the fuzzer, too, and what that started", async () => {
  const bin = join(root, "bin");
  for (const folder of [bin, join(root, ".ci")]) mkdirSync(folder);
  copyFileSync(GATE, join(root, ".ci/run"));
  // Nothing but these: it would install what is not there.
  for (const name of PROGRAMS) symlinkSync(Bun.which(name) ?? "", join(bin, name));
  writeFileSync(join(bin, "bun"), BUN, { mode: 0o755 });
  writeFileSync(join(bin, "python3"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const gate = Bun.spawn(["bash", ".ci/run"], {
    cwd: root,
    env: { PATH: bin, TMPDIR: root },
    stdout: "ignore",
    stderr: "ignore",
    // In a group of its own, all of which a terminal's Ctrl-C reaches.
    detached: true,
  });
  const noted = join(root, "server");
  while (!existsSync(noted)) await Bun.sleep(10);
  const server = Number(readFileSync(noted, "utf8"));
  try {
    expect(isAlive(server)).toBe(true);
    process.kill(-gate.pid, "SIGINT");
    await gate.exited;
    while (isAlive(server)) await Bun.sleep(10);
  } finally {
    if (isAlive(server)) process.kill(server, "SIGKILL");
  }
}, 60_000);
