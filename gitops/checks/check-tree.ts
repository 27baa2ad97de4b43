import { checkAddresses } from "./addresses.ts";
import { checkAlertRoutes } from "./alert-routes.ts";
import { checkAlerts } from "./alerts.ts";
import { checkConfigMaps } from "./config-maps.ts";
import { checkContainers } from "./containers.ts";
import { checkDashboards } from "./dashboards.ts";
import type { Finding } from "./finding.ts";
import { checkHungPods } from "./hung-pods.ts";
import { checkImages } from "./images.ts";
import { checkLabels } from "./labels.ts";
import { checkLifecycles } from "./lifecycles.ts";
import { checkMeshLint } from "./mesh-lint.ts";
import { checkMonitors } from "./monitors.ts";
import { checkNames } from "./names.ts";
import { checkNamespaces } from "./namespaces.ts";
import { checkNetworkPolicies } from "./network-policies.ts";
import { checkRateLimits } from "./rate-limits.ts";
import { checkReports } from "./reports.ts";
import { checkRouting } from "./routing.ts";
import { checkSecrets } from "./secrets.ts";
import { checkSelectors } from "./selectors.ts";
import { checkServices } from "./services.ts";
import { checkStickiness } from "./stickiness.ts";
import { checkSyncOrder } from "./sync-order.ts";
import { checkTracing } from "./tracing.ts";
import { readTree } from "./tree.ts";
import { checkVersions } from "./versions.ts";

const CHECKS = [
  checkAddresses,
  checkAlertRoutes,
  checkAlerts,
  checkDashboards,
  checkConfigMaps,
  checkContainers,
  checkHungPods,
  checkImages,
  checkLabels,
  checkLifecycles,
  checkMeshLint,
  checkMonitors,
  checkNames,
  checkNamespaces,
  checkNetworkPolicies,
  checkRateLimits,
  checkReports,
  checkRouting,
  checkSecrets,
  checkSelectors,
  checkServices,
  checkStickiness,
  checkSyncOrder,
  checkTracing,
  checkVersions,
];

/** Everything that is wrong in the rendered resources of one overlay. None: it keeps its promises. */
export function checkTree(rendered: readonly unknown[]): Finding[] {
  const tree = readTree(rendered);
  return CHECKS.flatMap((check) => check(tree));
}
