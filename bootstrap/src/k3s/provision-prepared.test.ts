import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createThrowAwayRoot, listMissing, type ThrowAwayRoot } from "./throw-away-root.ts";

// What a node does with a prepared folder, and where it stops. provision.test.ts warns where none can be made.

const LONG = 120_000;
const CONTROL = "192.168.56.10";
const WORKER = "192.168.56.11";
const arch = process.arch === "x64" ? "amd64" : "arm64";
const IMAGES = "/var/lib/rancher/k3s/agent/images";
const CHARTS = "/var/lib/rancher/k3s/server/static/hookline/charts";
const PREPARED = "/vagrant/bootstrap/k3s/prepared";
const OURS = ["app", "model-service", "model-v1", "model-v2", "shadow-report"];
const REDIS = "docker.io_library_redis_8.6.4-alpine";

const roots: ThrowAwayRoot[] = [];
afterAll(() => {
  for (const root of roots) root.remove();
}, LONG);

function makeRoot(): ThrowAwayRoot {
  const root = createThrowAwayRoot();
  roots.push(root);
  return root;
}

/** As `bun run bootstrap download` leaves the folder. */
function prepare(
  root: ThrowAwayRoot,
  charts = ["base-1.30.3", "argo-cd-3.5.1-r1"],
  packages: readonly string[] = [],
): void {
  const files = new Map([
    ...packages.map((name) => [`${arch}/packages/${name}`, name] as const),
    [`${arch}/k3s`, root.read("/stand-ins/k3s")],
    ...[...OURS, REDIS].map((name) => [`${arch}/images/${name}.tar`, `prepared ${name}`] as const),
    ...charts.map((name) => [`charts/${name}.tgz`, `chart ${name}`] as const),
    ["charts/index.yaml", `an index of ${charts}`],
  ]);
  for (const [file, text] of files) root.write(`${PREPARED}/${file}`, text);
  const lines = [...files.keys()].map((file) => {
    const bytes = readFileSync(join(root.changed, PREPARED, file));
    return `${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  ${file}\n`;
  });
  root.write(`${PREPARED}/SHA256SUMS`, lines.join(""));
}

describe.skipIf(listMissing().length > 0)("provision.sh with a prepared folder", () => {
  test(
    "needs no internet",
    () => {
      const root = makeRoot();
      prepare(root);
      root.write(`${PREPARED}/${arch}/images/half.tar.part`, "half");
      const { code, output } = root.provision("control", CONTROL);
      expect([code, output]).toEqual([0, expect.stringContaining("ours are prepared")]);
      // Neither curl nor apt-get nor buildah was asked for anything.
      expect(root.read("/var/log/stand-ins")).toBe("restart\n");
      expect(root.read(`${IMAGES}/app.tar`)).toBe("prepared app");
      expect(root.read(`${IMAGES}/${REDIS}.tar`)).toBe(`prepared ${REDIS}`);
      // A download that was stopped has no place among them.
      expect(root.describe().filter((line) => line.startsWith(`${IMAGES}/half`))).toEqual([]);
      expect(root.provision("worker", WORKER).code).toBe(0);
    },
    LONG,
  );

  test(
    "hands out the charts on the control node, and those of now only",
    () => {
      const root = makeRoot();
      prepare(root);
      expect(root.provision("control", CONTROL).output).toContain(
        `offers 2 charts at https://${CONTROL}:6443/static/hookline/charts\n`,
      );
      expect(root.read(`${CHARTS}/index.yaml`)).toBe("an index of base-1.30.3,argo-cd-3.5.1-r1");
      root.remove();
      const later = makeRoot();
      later.write(`${CHARTS}/argo-cd-3.5.0-r0.tgz`, "of an older checkout");
      prepare(later);
      expect(later.provision("control", CONTROL).output).toContain(
        "took away argo-cd-3.5.0-r0.tgz",
      );
      const list = later.describe().filter((line) => line.startsWith(`${CHARTS}/`));
      expect(list.map((line) => line.split(" ")[0])).toEqual(
        ["argo-cd-3.5.1-r1.tgz", "base-1.30.3.tgz", "index.yaml"].map(
          (name) => `${CHARTS}/${name}`,
        ),
      );
      const again = later.provision("control", CONTROL).output;
      expect(again.match(/^ {4}(wrote|copied|took away).*$/gm)).toBeNull();
    },
    LONG,
  );

  /** A Debian that has what is named, and notes what is installed. */
  const debian = (...has: string[]) => `#!/bin/sh
mkdir -p /var/lib/has
cd /var/lib/has
touch ${has.join(" ")}
if [ "$1" = -s ]; then [ -e "$2" ]; exit; fi
shift
for file; do name=$(basename "$file"); touch "\${name%%_*}"; echo "dpkg $name" >>/var/log/stand-ins; done
`;

  test(
    "installs the prepared packages that the box does not have, and no others",
    () => {
      const root = makeRoot();
      prepare(root, undefined, ["git_1_all.deb", "git-man_1_all.deb", "perl_5_all.deb"]);
      root.write(
        "/stand-ins/dpkg",
        debian("curl", "openssl", "iproute2", "openssh-server", "perl"),
        0o755,
      );
      expect(root.provision("control", CONTROL).output).toContain(
        "installed 2 prepared packages\n",
      );
      const log = root.read("/var/log/stand-ins");
      expect(log).toBe("dpkg git-man_1_all.deb\ndpkg git_1_all.deb\nrestart\n");
      expect(root.provision("control", CONTROL).output).toContain("nothing is missing");
    },
    LONG,
  );

  test(
    "asks Debian for what is not prepared either",
    () => {
      const root = makeRoot();
      prepare(root, undefined, ["git_1_all.deb"]);
      root.write("/stand-ins/dpkg", debian("curl", "openssl", "openssh-server"), 0o755);
      expect(root.provision("control", CONTROL).output).toContain("    installed iproute2\n");
      expect(root.read("/var/log/stand-ins")).toContain("dpkg git_1_all.deb\n");
    },
    LONG,
  );

  test(
    "a worker hands out none",
    () => {
      const root = makeRoot();
      prepare(root);
      expect(root.provision("worker", WORKER).code).toBe(0);
      expect(root.describe().filter((line) => line.startsWith(CHARTS))).toEqual([]);
    },
    LONG,
  );

  test.each<[string, (root: ThrowAwayRoot) => void, string]>([
    [
      "a prepared file that was changed",
      (root) => root.write(`${PREPARED}/${arch}/images/app.tar`, "other"),
      "is not what SHA256SUMS says",
    ],
    [
      "a prepared file that is not listed",
      (root) => root.write(`${PREPARED}/${arch}/images/more.tar`, "more"),
      "does not list",
    ],
    [
      "another k3s than the pinned one",
      (root) => root.write("/stand-ins/internet/k3s", "other"),
      "has not the checksum",
    ],
    [
      "a missing token",
      (root) => root.write("/vagrant/bootstrap/k3s/token", ""),
      "host.sh prepare makes it",
    ],
    [
      "an address that it does not have",
      (root) => root.write("/stand-ins/ip", "#!/bin/sh\n", 0o755),
      "no interface has the address",
    ],
    [
      "a node that does not come up",
      (root) => root.write("/stand-ins/never-ready", ""),
      "not ready after 2 s; journalctl -u k3s",
    ],
  ])(
    "stops at %s and says so",
    (name, plant, message) => {
      const root = makeRoot();
      if (name.includes("prepared")) prepare(root);
      plant(root);
      const { code, output } = root.provision("control", CONTROL);
      expect([code, output]).toEqual([1, expect.stringContaining(message)]);
      expect(output).not.toContain("==> done");
    },
    LONG,
  );
});

test("what a node tells counts one as one", () => {
  const say = join(import.meta.dirname, "../../k3s/lib/say.sh");
  const script = `. "$0"; for n in 0 1 2 11; do tell "$(amount $n "prepared package")"; done`;
  const { stdout } = Bun.spawnSync(["bash", "-c", script, say]);
  expect(
    stdout
      .toString()
      .trim()
      .split(/\s*\n\s*/),
  ).toEqual([
    "0 prepared packages",
    "1 prepared package",
    "2 prepared packages",
    "11 prepared packages",
  ]);
});
