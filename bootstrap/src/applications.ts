import {
  type Application,
  type ApplicationSet,
  type ApplicationSource,
  type AppProject,
  ARGO_CD_NAMESPACE,
  buildApplication,
  buildApplicationSet,
  buildApplicationSpec,
  CASCADE,
  type IgnoreDifferences,
} from "@hookline/argo-cd-manifests";
import { CHARTS, type Chart, type ChartMirror, GATEWAY, INSTALLATION_CHART } from "./charts.ts";
import { declareProjects } from "./projects.ts";

/** The Git repository that the cluster pulls, and the branch. */
export interface Repository {
  readonly url: string;
  readonly revision: string;
}

export type Manifest = Application | ApplicationSet | AppProject;

/** Argo CD's own monitors need the CRDs of the wave before. */
const ARGO_CD_WAVE = 5;
const OVERLAYS_WAVE = 6;

/** What only shows is last: nothing waits for it. */
const ADDONS_WAVE = 7;

/** Bootstrap adds the key of the cluster's own Git host, which no repository can know. */
const KNOWN_HOSTS: readonly IgnoreDifferences[] = [
  { kind: "ConfigMap", name: "argocd-ssh-known-hosts-cm", jsonPointers: ["/data/ssh_known_hosts"] },
];

/** What a cluster has otherwise than the published tree. */
export interface Deviations {
  /** The overlays to deploy; none: those whose environment.yaml says so. */
  readonly overlays?: readonly string[];
  /** Where charts and Argo CD's own manifests come from instead of the internet. */
  readonly charts?: ChartMirror | undefined;
}

/** What gitops/applications holds: projects, one application a chart, Argo CD itself, one set over the overlays. */
export function declareApplications(
  repository: Repository,
  { overlays = [], charts }: Deviations = {},
): Manifest[] {
  return [
    ...declareProjects(repository.url, charts?.url),
    ...CHARTS.map((chart) =>
      declareChart({ ...chart, repository: charts?.url ?? chart.repository }, repository),
    ),
    buildApplication("argo-cd", {
      project: "platform",
      namespace: ARGO_CD_NAMESPACE,
      sources: [declareInstallation(repository, charts)],
      wave: ARGO_CD_WAVE,
      ignoreDifferences: KNOWN_HOSTS,
    }),
    declareOverlays(repository, overlays, declareGateway(charts?.url ?? GATEWAY.repository)),
    buildApplication("istio-addons", {
      project: "platform",
      namespace: "istio-system",
      sources: [inGit(repository, { path: "gitops/platform/istio-addons" })],
      wave: ADDONS_WAVE,
    }),
  ];
}

function inGit({ url, revision }: Repository, rest: Partial<ApplicationSource>): ApplicationSource {
  return { repoURL: url, targetRevision: revision, ...rest };
}

/** Its folder in Git names a file of the internet; without that it comes as a chart, which has the file in it. */
function declareInstallation(repository: Repository, charts: ChartMirror | undefined) {
  if (charts === undefined) return inGit(repository, { path: "gitops/platform/argo-cd" });
  return {
    repoURL: charts.url,
    chart: INSTALLATION_CHART,
    targetRevision: charts.installation,
    helm: { releaseName: INSTALLATION_CHART },
  };
}

function declareChart(chart: Chart, repository: Repository): Application {
  const { name, namespace, wave, ignoreDifferences, syncOptions } = chart;
  return buildApplication(name, {
    project: "platform",
    namespace,
    sources: [
      {
        repoURL: chart.repository,
        chart: chart.chart,
        targetRevision: chart.version,
        helm: { releaseName: name, valueFiles: [`$values/gitops/platform/${name}/values.yaml`] },
      },
      inGit(repository, { ref: "values" }),
    ],
    wave,
    ...(ignoreDifferences === undefined ? {} : { ignoreDifferences }),
    ...(syncOptions === undefined ? {} : { syncOptions }),
  });
}

/**
 * An application for each overlay whose environment.yaml says so: the overlay and a gateway of
 * its own. Two environments never share a gateway, so that the limits of one are not the other's.
 */
function declareOverlays(
  repository: Repository,
  overlays: readonly string[],
  gateway: ApplicationSource,
): ApplicationSet {
  const named = overlays.length > 0;
  return buildApplicationSet("hookline", {
    generators: [
      {
        git: {
          repoURL: repository.url,
          revision: repository.revision,
          files: (named ? overlays : ["*"]).map((overlay) => ({
            path: `gitops/overlays/${overlay}/environment.yaml`,
          })),
        },
        ...(named ? {} : { selector: { matchLabels: { deploy: "true" } } }),
      },
    ],
    template: {
      metadata: { name: "{{ .namespace }}", finalizers: [CASCADE] },
      spec: buildApplicationSpec({
        project: "hookline",
        namespace: "{{ .namespace }}",
        sources: [
          inGit(repository, { path: "{{ .path.path }}" }),
          gateway,
          inGit(repository, { ref: "values" }),
        ],
        // A weight must be taken from a canary that is broken: routes are in a later wave than
        // pods, and would wait for it to get well if all resources were part of each sync.
        syncOptions: ["ApplyOutOfSyncOnly=true"],
      }),
    },
    wave: OVERLAYS_WAVE,
  });
}

/** The gateway's chart, as the environment.yaml of an overlay wants it to be reached. */
function declareGateway(repoURL: string): ApplicationSource {
  return {
    repoURL,
    chart: GATEWAY.chart,
    targetRevision: GATEWAY.version,
    helm: {
      releaseName: GATEWAY.release,
      valueFiles: ["$values/gitops/platform/istio-gateway/values.yaml"],
      parameters: [
        { name: "service.type", value: "{{ .gateway.type }}" },
        { name: "service.externalTrafficPolicy", value: "{{ .gateway.externalTrafficPolicy }}" },
      ],
    },
  };
}
