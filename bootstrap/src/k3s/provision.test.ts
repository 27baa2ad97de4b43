import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import {
  createThrowAwayRoot,
  type Finished,
  listMissing,
  type ThrowAwayRoot,
} from "./throw-away-root.ts";

const LONG = 120_000;
const CONTROL = "192.168.56.10";
const WORKER = "192.168.56.11";
const ROOT = resolve(import.meta.dirname, "../../..");
const missing = listMissing();
if (missing.length > 0) {
  console.warn(`bootstrap/src/k3s: no node is provisioned, missing: ${missing.join(", ")}`);
}
const IMAGES = "/var/lib/rancher/k3s/agent/images";
const STATIC = "/var/lib/rancher/k3s/server/static/hookline";
const OURS = ["app", "model-service", "model-v1", "model-v2", "shadow-report"];

const roots: ThrowAwayRoot[] = [];
afterAll(() => {
  for (const root of roots) root.remove();
}, 120_000);

function makeRoot(): ThrowAwayRoot {
  const root = createThrowAwayRoot();
  roots.push(root);
  return root;
}

/** What must be the same however a node came about: keys are drawn, so their bytes are not. */
function listLasting(root: ThrowAwayRoot | undefined): readonly string[] {
  return (root === undefined ? [] : listChanges(root))
    .filter((line) => !line.startsWith("/var/lib/fail-once"))
    .map((line) => line.replace(/^(\S*(?:deploy-key|authorized_keys)\S* \S+ \S+) .*/, "$1"));
}

/** What a run left, less what the stand-ins note of themselves. */
function listChanges(root: ThrowAwayRoot): readonly string[] {
  return root.describe().filter((line) => !line.startsWith("/var/log/stand-ins"));
}

describe.skipIf(missing.length > 0)("provision.sh", () => {
  const control = missing.length > 0 ? undefined : makeRoot();
  let made: Finished | undefined;
  beforeAll(() => {
    made = control?.provision("control", CONTROL);
  }, LONG);

  test(
    "makes a control node",
    () => {
      const { code, output = "" } = made ?? {};
      expect([code, output]).toEqual([
        0,
        expect.stringContaining("is a control node at 192.168.56.10"),
      ]);
      expect(output.match(/^==> .*/gm)).toEqual([
        "==> what is prepared",
        "==> packages",
        "==> k3s v1.36.4+k3s1",
        "==> images",
        "==> configuration",
        "==> the service",
        "==> the Git repository",
        "==> what the host needs",
        expect.stringMatching(/^==> done: /),
      ]);
      expect(control?.read("/etc/rancher/k3s/config.yaml.d/node.yaml")).toBe(
        `node-ip: ${CONTROL}\nflannel-iface: eth2\ntoken-file: /etc/rancher/k3s/token\ntls-san: ["${CONTROL}"]\n`,
      );
      expect(control?.read("/etc/rancher/k3s/config.yaml")).toContain("disable:\n  - traefik\n");
      expect(control?.read("/etc/systemd/system/k3s.service")).toContain(
        "ExecStart=/usr/local/bin/k3s server\n",
      );
      expect(control?.read("/etc/hookline/kubeconfig")).toContain(
        `server: https://${CONTROL}:6443\n`,
      );
      const lines = listChanges(control ?? makeRoot());
      for (const name of OURS) {
        expect(lines.filter((line) => line.startsWith(`${IMAGES}/${name}.tar `))).toHaveLength(1);
      }
      const secrets = [
        "/etc/hookline/kubeconfig",
        "/etc/hookline/deploy-key",
        "/etc/rancher/k3s/token",
      ];
      for (const path of secrets) {
        expect(lines.filter((line) => line.startsWith(`${path} 100600 0:0`))).toHaveLength(1);
      }
    },
    LONG,
  );

  test("prints the steps that the README promises", () => {
    const readme = readFileSync(join(ROOT, "bootstrap/README.md"), "utf8");
    const [, block = ""] = /```text\n(==> what is prepared\n[^`]*)```/.exec(readme) ?? [];
    const name = hostname();
    const printed = (made?.output ?? "")
      .replace(`done: ${name} is`, "done: control is")
      .split("\n");
    const promised = block.trim().split("\n");
    expect(promised).toHaveLength(10);
    expect(promised.filter((line) => !printed.includes(line))).toEqual([]);
  });

  test(
    "run again changes nothing and restarts nothing",
    () => {
      const root = control ?? makeRoot();
      const before = listChanges(root);
      const restarts = root.read("/var/log/stand-ins");
      expect(restarts).toContain("restart\n");
      const { code, output } = root.provision("control", CONTROL);
      expect([code, output.match(/^ {4}(wrote|copied|made|drew|installed|starting).*$/gm)]).toEqual(
        [0, null],
      );
      expect(listChanges(root)).toEqual(before);
      expect(root.read("/var/log/stand-ins")).toBe(restarts);
    },
    LONG,
  );

  test.each(["curl", "buildah", "restart", "git", "ssh-keygen"])(
    "broken at %s goes on at the next run and comes to the same",
    (what) => {
      const broken = makeRoot();
      broken.write(`/var/lib/fail-once/${what}`, "");
      const first = broken.provision("control", CONTROL);
      expect(first.code).not.toBe(0);
      expect(first.output).not.toContain("==> done");
      expect(broken.provision("control", CONTROL).code).toBe(0);
      expect(listLasting(broken)).toEqual(listLasting(control));
    },
    LONG,
  );

  test(
    "restarts k3s and builds anew when a source changed, and only then",
    () => {
      const root = makeRoot();
      expect(root.provision("control", CONTROL).code).toBe(0);
      root.write("/vagrant/apps/one.ts", "changed");
      expect(root.provision("control", CONTROL).output).toContain("app: building");
      const log = root.read("/var/log/stand-ins");
      expect(log.match(/^restart$/gm)).toHaveLength(2);
      expect(log.match(/^build$/gm)).toHaveLength(10);
    },
    LONG,
  );

  test(
    "installs the packages that are missing",
    () => {
      const root = makeRoot();
      root.write("/stand-ins/dpkg", "#!/bin/sh\n[ $2 != git ] && [ $2 != buildah ]\n", 0o755);
      expect(root.provision("control", CONTROL).output).toContain("    installed git buildah\n");
      const asked = "apt-get install -y -qq --no-install-recommends git buildah\n";
      expect(root.read("/var/log/stand-ins")).toContain(asked);
    },
    LONG,
  );

  test(
    "makes a worker from what the control node offers",
    () => {
      const worker = makeRoot();
      offer(worker);
      // Its key would be an argument, which every user of the node can read: the token is in none.
      worker.write("/stand-ins/openssl", "#!/bin/sh\nexit 1\n", 0o755);
      const { code, output } = worker.provision("worker", WORKER);
      expect([code, output]).toEqual([
        0,
        expect.stringContaining("is a worker node at 192.168.56.11"),
      ]);
      expect(worker.read("/etc/rancher/k3s/config.yaml.d/node.yaml")).toBe(
        `node-ip: ${WORKER}\nflannel-iface: eth3\ntoken-file: /etc/rancher/k3s/token\nserver: https://${CONTROL}:6443\n`,
      );
      expect(worker.read(`${IMAGES}/model-v2.tar`)).toBe("ghcr.io/hookline/model:2.0.0\n");
      const before = listChanges(worker);
      expect(worker.provision("worker", WORKER).code).toBe(0);
      expect(listChanges(worker)).toEqual(before);
    },
    LONG,
  );

  test.each([
    ["a list that was not signed with the token", "SHA256SUMS.hmac", "00\n", "is not signed"],
    ["an image that is not the one of the list", "app.tar", "another\n", "has not the checksum"],
  ])(
    "a worker refuses %s",
    (_, name, content, message) => {
      const worker = makeRoot();
      offer(worker);
      worker.write(`/stand-ins/internet/${name}`, content);
      const { code, output } = worker.provision("worker", WORKER);
      expect([code, output]).toEqual([1, expect.stringContaining(message)]);
      expect(listChanges(worker).filter((line) => line.startsWith(`${IMAGES}/app.tar `))).toEqual(
        [],
      );
    },
    LONG,
  );

  test("makes every image that gitops names and no release has: those without a digest", () => {
    const versions = readFileSync(join(ROOT, "bootstrap/k3s/versions.env"), "utf8");
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(versions)?.[1] ?? "";
    const golden = readFileSync(join(ROOT, "gitops/golden/production.yaml"), "utf8");
    const named = [...golden.matchAll(/ghcr\.io\/hookline\/[\w-]+:\S+/g)].map(([image]) => image);
    expect(named.length).toBeGreaterThan(0);
    const release = value("IMAGES_VERSION");
    const made = [
      ...["app", "model-service", "shadow-report"].map((name) => `${name}:${release}`),
      ...["MODEL_V1_VERSION", "MODEL_V2_VERSION"].map((name) => `model:${value(name)}`),
    ].map((name) => `ghcr.io/hookline/${name}`);
    expect(named.filter((image) => !image.includes("@sha256:") && !made.includes(image))).toEqual(
      [],
    );
  });

  /** What the control node serves, where the worker's curl finds it. */
  function offer(worker: ThrowAwayRoot): void {
    const names = [...OURS.map((name) => `${name}.tar`), "SHA256SUMS", "SHA256SUMS.hmac"];
    for (const name of names) {
      worker.write(`/stand-ins/internet/${name}`, control?.read(`${STATIC}/${name}`) ?? "");
    }
  }
});
