import { describe, expect, test } from "bun:test";
import { checkRuntimes } from "./check-runtimes.ts";

describe("checkRuntimes()", () => {
  test.each([
    ["containerd://2.3.2-k3s2"],
    ["containerd://2.1.0"],
    ["containerd://10.0.1"],
    ["cri-o://1.31.0"],
  ])("takes %s", (runtime) => {
    expect(() => checkRuntimes([{ name: "control", runtime }])).not.toThrow();
  });

  test.each([
    ["containerd://2.0.7"],
    ["containerd://1.7.28-k3s1"],
    ["cri-o://1.30.9"],
    ["docker://28.0.1"],
    ["unknown"],
  ])("refuses %s, and names the node", (runtime) => {
    const nodes = [
      { name: "control", runtime: "containerd://2.3.2-k3s2" },
      { name: "worker1", runtime },
    ];
    expect(() => checkRuntimes(nodes)).toThrow(
      `Cannot use this cluster: its nodes mount no images: worker1 has ${runtime}`,
    );
  });
});
