import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkApplication } from "./checks/applications.ts";
import { checkChartValues } from "./checks/chart-values.ts";
import { TREE } from "./render.ts";
import { readValues } from "./tree-files.ts";

type ValuesFault = readonly [fault: string, check: string, chart: string, from: RegExp, to: string];

/** What the charts of others would do by themselves, or were made to do in the original. */
const VALUES: readonly ValuesFault[] = [
  [
    "S32: Grafana's password in Git",
    "no-plain-secret",
    "kube-prometheus-stack",
    /adminUser: admin\n/,
    "adminUser: admin\n  adminPassword: admin\n",
  ],
  [
    "S31: monitors that Prometheus reads by the label of its release only",
    "monitors-are-read",
    "kube-prometheus-stack",
    / +serviceMonitorSelectorNilUsesHelmValues: false\n/,
    "",
  ],
  [
    "S30: rules that nobody reads",
    "monitors-are-read",
    "kube-prometheus-stack",
    /ruleSelectorNilUsesHelmValues: false/,
    "ruleSelectorNilUsesHelmValues: true",
  ],
  [
    "S33: routes that get the alerts of one namespace only",
    "alert-arrives",
    "kube-prometheus-stack",
    /type: None/,
    "type: OnNamespace",
  ],
  [
    "trap 12: a job that hangs beside a sidecar",
    "no-admission-job",
    "kube-prometheus-stack",
    /admissionWebhooks:\n {4}enabled: false/,
    "admissionWebhooks:\n    enabled: true",
  ],
  [
    "trap 21: an image of the registry that is being emptied",
    "images-pinned",
    "sealed-secrets",
    / +registry: ghcr.io\n/,
    "",
  ],
  [
    "S32: a chart's image of no fixed version",
    "images-pinned",
    "sealed-secrets",
    /tag: [\d.]+/,
    "tag: latest",
  ],
  ...["kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"].map(
    (name): ValuesFault => [
      `trap 12: ${name}, which is always down on k3s`,
      "targets-of-k3s",
      "kube-prometheus-stack",
      new RegExp(`^${name}:\\n {2}enabled: false\\n`, "m"),
      "",
    ],
  ),
  [
    "trap 7: a null, which Helm 4 renders otherwise",
    "no-null",
    "kube-prometheus-stack",
    /retention: 15d/,
    "retention: 15d\n    retentionDays: null",
  ],
];

const folder = join(TREE, "applications");
const applications = readdirSync(folder).filter((file) => /^application(set)?-/.test(file));
const read = (file: string): string => readFileSync(join(folder, file), "utf8");

describe("faults planted into values and applications", () => {
  test.each([...VALUES])("%s: found as %s in the values of %s", (_, check, chart, from, to) => {
    const text = readValues(chart);
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(checkChartValues(chart, parse(changed)).map((one) => one.check)).toEqual([check]);
  });

  test.each(applications)("%s asks for what it needs", (file) => {
    expect(checkApplication(parse(read(file)))).toEqual([]);
  });

  test.each([
    [
      "trap 1: webhooks whose bundle is compared",
      "webhooks-in-sync",
      "application-istio-base.yaml",
      / +- \.webhooks\[\]\?\.clientConfig\.caBundle\n/,
      "",
    ],
    [
      "trap 1: webhooks whose policy is compared",
      "webhooks-in-sync",
      "application-istiod.yaml",
      / +- \.webhooks\[\]\?\.failurePolicy\n/,
      "",
    ],
    [
      "trap 1: webhooks that each sync writes back",
      "webhooks-in-sync",
      "application-istiod.yaml",
      / +- RespectIgnoreDifferences=true\n/,
      "",
    ],
    [
      "trap 2: CRDs that are applied on the client's side",
      "server-side-apply",
      "application-kube-prometheus-stack.yaml",
      / +- ServerSideApply=true\n/,
      "",
    ],
    [
      "trap 3: resources that are tried before their CRD",
      "crds-later",
      "applicationset-hookline.yaml",
      / +- SkipDryRunOnMissingResource=true\n/,
      "",
    ],
    [
      "what goes before what comes",
      "prune-last",
      "applicationset-hookline.yaml",
      / +- PruneLast=true\n/,
      "",
    ],
    [
      "S32: a chart at whatever is newest",
      "chart-pinned",
      "application-kube-prometheus-stack.yaml",
      /targetRevision: 88\.5\.3/,
      'targetRevision: "88.*"',
    ],
  ])("%s: found as %s in %s", (_, check, file, from, to) => {
    const text = read(file);
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(checkApplication(parse(changed)).map((one) => one.check)).toEqual([check]);
  });
});
