import { describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { INSTALLATION_DIGESTS, listChartImages } from "./chart-images.ts";
import { listImages } from "./list-images.ts";
import { parseVersions } from "./prepared.ts";
import { renderName } from "./registry/reference.ts";

const ROOT = join(import.meta.dir, "..", "..");
const versions = parseVersions(readFileSync(join(ROOT, "bootstrap/k3s/versions.env"), "utf8"));
const argoCd = `quay.io/argoproj/argocd:${INSTALLATION.version}`;
const installation = [
  { kind: "Deployment", spec: { template: { spec: { initContainers: [{ image: argoCd }] } } } },
];

describe("listImages()", () => {
  const images = listImages(ROOT, { versions, installation });
  const names = images.map(({ reference }) => renderName(reference));

  test("has every image of every overlay, mounted ones too", () => {
    const golden = join(ROOT, "gitops", "golden");
    const text = readdirSync(golden).map((file) => readFileSync(join(golden, file), "utf8"));
    const named = [
      ...text.join("\n").matchAll(/^\s+(?:- )?(?:image|reference): (\S+?)(?:@\S+)?$/gm),
    ];
    expect(named.length).toBeGreaterThan(20);
    expect(named.flatMap(([, name = ""]) => (names.includes(name) ? [] : name))).toEqual([]);
    expect(names.join(" ")).toContain("ghcr.io/hookline/model:");
  });

  test("has those of Istio's addons, the charts and Argo CD", () => {
    for (const name of [
      "jaegertracing/jaeger",
      "kiali/kiali",
      "release/proxyv2",
      "grafana/grafana",
    ]) {
      expect(names.join("\n")).toContain(name);
    }
    const own = images.find(({ reference }) => renderName(reference) === argoCd);
    expect(own?.reference.digest).toBe(INSTALLATION_DIGESTS[argoCd]);
    expect(own?.reference.digest).toStartWith("sha256:");
  });

  test("takes no file for an overlay, as a file manager leaves one", () => {
    const root = mkdtempSync(join(tmpdir(), "hookline-images-"));
    cpSync(join(ROOT, "gitops"), join(root, "gitops"), {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
    writeFileSync(join(root, "gitops/overlays/.DS_Store"), "");
    expect(listImages(root, { versions, installation })).toEqual(images);
    rmSync(root, { recursive: true });
  });

  test("names each image and each archive once", () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(images.map(({ archive }) => archive)).size).toBe(images.length);
  });

  test("names the archives of ours that no release has as provisioning does", () => {
    const open = images.filter(({ isOurs, reference }) => isOurs && reference.digest === undefined);
    const script = readFileSync(join(ROOT, "bootstrap/k3s/lib/images.sh"), "utf8");
    const [, made = ""] = /^OURS=\((.*)\)$/m.exec(script) ?? [];
    const archives = made.split(" ").map((name) => `${name}.tar`);
    expect(open.flatMap(({ archive }) => (archives.includes(archive) ? [] : archive))).toEqual([]);
    const ours = images.filter(({ isOurs }) => isOurs).map(({ reference }) => reference.repository);
    expect([...new Set(ours.map((name) => name.replace(/.*\//, "")))].sort()).toEqual([
      "app",
      "model",
      "model-service",
      "shadow-report",
    ]);
  });

  test("keeps those of another version apart", () => {
    const other = new Map([...versions, ["IMAGES_VERSION", "9.9.9"]]);
    const archives = listImages(ROOT, { versions: other, installation }).map(
      ({ archive }) => archive,
    );
    expect(archives.filter((name) => /^ghcr\.io_[^_]+_app_/.test(name))).not.toEqual([]);
    expect(archives).not.toContain("app.tar");
  });

  test("lists those without a digest, so that a new one is seen", () => {
    const open = images.filter(
      ({ reference, isOurs }) => !isOurs && reference.digest === undefined,
    );
    expect(open.map(({ reference }) => renderName(reference))).toEqual([
      "ghcr.io/bitnami-labs/sealed-secrets-controller:0.36.6",
      "quay.io/kiali/kiali:v2.26.0",
      "quay.io/kiwigrid/k8s-sidecar:2.10.1",
      "registry.istio.io/release/install-cni:1.30.3",
      "registry.istio.io/release/pilot:1.30.3",
      "registry.istio.io/release/proxyv2:1.30.3",
    ]);
  });
});

test("listChartImages() refuses a chart of another version than its list", () => {
  const chart = "kube-prometheus-stack";
  expect(() => listChartImages([{ chart, version: "99.0.0" }])).toThrow(
    `Cannot list the images of ${chart} 99.0.0: bootstrap/src/chart-images.ts has those of 88.5.3`,
  );
  expect(() => listChartImages([{ chart: "new", version: "1.0.0" }])).toThrow(
    "Cannot list the images of new 1.0.0: bootstrap/src/chart-images.ts has none",
  );
});

test("the list of sealed-secrets' image is that of our values", () => {
  const values = readFileSync(join(ROOT, "gitops/platform/sealed-secrets/values.yaml"), "utf8");
  const [, tag] = /^ {2}tag: (\S+)$/m.exec(values) ?? [];
  expect(listChartImages().join(" ")).toContain(`/sealed-secrets-controller:${tag}`);
});
