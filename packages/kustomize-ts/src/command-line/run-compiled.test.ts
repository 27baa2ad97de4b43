import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOM = join(import.meta.dir, "../..");
const TIMEOUT_MS = 120_000;
const VERSION = "kustomize-ts 0.1.0, which renders as kustomize 5.8.1\n";

let room = "";
let kept = "";
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), "kustomize-room-"));
  kept = join(room, "node_modules/.cache/compiled");
  cpSync(join(ROOM, "package.json"), join(room, "package.json"));
  cpSync(join(ROOM, "src"), join(room, "src"), {
    recursive: true,
    filter: (path) => !path.endsWith(".test.ts"),
  });
  mkdirSync(join(room, "node_modules"));
  symlinkSync(join(ROOM, "node_modules/yaml"), join(room, "node_modules/yaml"));
});
afterEach(() => rmSync(room, { recursive: true }));

const words = (...rest: readonly string[]) => [process.execPath, join(room, "src/cli.ts"), ...rest];

function run(...rest: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(words(...rest), { cwd: room });
  return `${stdout}${stderr}${exitCode === 0 ? "" : exitCode}`;
}

/** The one folder that is kept. */
function keptFolder(): string {
  const [name = "", ...others] = readdirSync(kept);
  expect(others).toEqual([]);
  return join(kept, name);
}

/** Makes what is kept tell on itself. */
function mark(): void {
  writeFileSync(join(keptFolder(), "program.js"), 'exports.main = () => console.log("kept");\n');
}

test(
  "what one command compiled the next one runs",
  () => {
    expect(run("version")).toBe(VERSION);
    expect(readdirSync(keptFolder()).sort()).toEqual(["program.js", "program.js.jsc"]);
    expect(run("version")).toBe(VERSION);
    symlinkSync("nobody@nowhere", join(room, "src/.#cli.ts"));
    expect(run("version")).toBe(VERSION);
    writeFileSync(join(room, "kustomization.yaml"), "namePrefix: p-\nresources: []\n");
    expect(run("edit", "set", "nameprefix", "q-")).toBe("");
    expect(readFileSync(join(room, "kustomization.yaml"), "utf8")).toStartWith("namePrefix: q-\n");
    expect(run("build", "missing")).toMatch(/^Error: .*missing.*\n1$/);
    mark();
    expect(run("version")).toBe("kept\n");
  },
  TIMEOUT_MS,
);

test.each([
  ["src/build.ts", "v5.8.1", "v5.8.2", VERSION.replace("5.8.1", "5.8.2")],
  ["package.json", "0.1.0", "0.1.1", VERSION.replace("0.1.0", "0.1.1")],
])(
  "a change of %s is seen at once, and what it puts out of date goes",
  (name, before, after, expected) => {
    run("version");
    mark();
    const file = join(room, name);
    writeFileSync(file, readFileSync(file, "utf8").replace(before, after));
    expect([run("version"), run("version")]).toEqual([expected, expected]);
    expect(existsSync(join(keptFolder(), "program.js.jsc"))).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "nothing is kept of sources that change while they run",
  () => {
    const program = join(room, "src/program.ts");
    const write = `writeFileSync(${JSON.stringify(join(room, "src/other.ts"))}, "");`;
    const text = readFileSync(program, "utf8");
    writeFileSync(program, `import { writeFileSync } from "node:fs";\n${text}${write}\n`);
    expect(run("version")).toBe(VERSION);
    expect(readdirSync(kept)).toEqual([]);
  },
  TIMEOUT_MS,
);

test.each(["program.js", "program.js.jsc"])(
  "a %s that was cut short does no harm",
  (name) => {
    run("version");
    for (const length of [100, 0]) {
      truncateSync(join(keptFolder(), name), length);
      expect(run("version")).toBe(VERSION);
    }
  },
  TIMEOUT_MS,
);

test(
  "commands that run at once keep one",
  async () => {
    const children = Array.from({ length: 4 }, () => Bun.spawn(words("version"), { cwd: room }));
    const outputs = await Promise.all(children.map(({ stdout }) => stdout.text()));
    expect(outputs).toEqual(children.map(() => VERSION));
    expect(await Promise.all(children.map(({ exited }) => exited))).toEqual([0, 0, 0, 0]);
    expect(run("version")).toBe(VERSION);
    expect(readdirSync(keptFolder()).sort()).toEqual(["program.js", "program.js.jsc"]);
  },
  TIMEOUT_MS,
);

test(
  "drafts of killed commands go, but not one that may still be written to",
  () => {
    const [old, young] = [join(kept, "x-old"), join(kept, "x-young")];
    for (const draft of [old, young]) mkdirSync(draft, { recursive: true });
    utimesSync(old, 0, 0);
    expect(run("version")).toBe(VERSION);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
    expect(readdirSync(kept).length).toBe(2);
  },
  TIMEOUT_MS,
);

test(
  "where nothing can be kept the sources run",
  () => {
    writeFileSync(join(room, "node_modules/.cache"), "");
    expect([run("version"), run("version")]).toEqual([VERSION, VERSION]);
    expect(readFileSync(join(room, "node_modules/.cache"), "utf8")).toBe("");
  },
  TIMEOUT_MS,
);
