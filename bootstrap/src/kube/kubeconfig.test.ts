import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildKubeconfig } from "../testing/kubeconfig-text.ts";
import { readKubeConfig } from "./kubeconfig.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const named = (name: string) => buildKubeconfig({ server: `https://${name}.example` });
const given = write("given", named("given"));
const second = write(
  "second",
  named("second").replaceAll('"test"', '"second"').replaceAll("tester", "other"),
);
write("home/.kube/config", named("home"));
write("tree/bootstrap/k3s/kubeconfig", named("vagrant"));
const from = { root: join(folder, "tree"), environment: { HOME: join(folder, "home") } };

describe("readKubeConfig()", () => {
  test.each([
    ["the one given", { ...from, kubeconfig: given }, "given"],
    ["KUBECONFIG's", { ...from, environment: { KUBECONFIG: given } }, "given"],
    ["Vagrant's", from, "vagrant"],
    ["the user's own", { ...from, root: folder }, "home"],
    [
      "the first of two in KUBECONFIG",
      { ...from, environment: { KUBECONFIG: `${given}:${second}` } },
      "given",
    ],
    [
      "a context of the second",
      { ...from, environment: { KUBECONFIG: `${given}:${second}` }, context: "second" },
      "second",
    ],
  ])("takes %s", (_, options, name) => {
    const server = readKubeConfig(options).getCurrentCluster()?.server;
    expect(server).toBe(`https://${name}.example`);
  });

  test.each([
    ["an absent file", { kubeconfig: "none" }, /there is no file ".*none"/],
    ["none at all", { root: folder, environment: {} }, /no kubeconfig was found/],
    [
      "an unknown context",
      { kubeconfig: given, context: "prod" },
      /no context "prod"; it has "test"/,
    ],
    ["what is no YAML", { kubeconfig: write("bad", "a: [") }, /bad" is no kubeconfig: .+$/],
    ["a folder", { kubeconfig: folder }, /is no kubeconfig: EISDIR/],
    ["what is no kubeconfig", { kubeconfig: write("list", "a: 1") }, /has no current context/],
    [
      "a context without its cluster",
      {
        kubeconfig: write(
          "half",
          named("half").replace('"clusters":[{"name":"test"', '"clusters":[{"name":"gone"'),
        ),
      },
      /the cluster of context "test" is not in/,
    ],
  ])("refuses %s", (_, options, message) => {
    expect(() => readKubeConfig({ ...from, ...options })).toThrow(message);
  });
});
