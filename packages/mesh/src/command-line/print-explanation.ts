import type {
  Decision,
  Destination,
  ExplainedRoute,
  Explanation,
  Forward,
  HeaderOps,
  MeshRequest,
  Retries,
  RouteRef,
  Source,
} from "../types.ts";

export interface Printed {
  readonly source: Source;
  readonly request: MeshRequest;
  readonly explanation: Explanation;
}

/** An explanation as people read it. */
export function printExplanation({ source, request, explanation }: Printed): string {
  const { notes, routes, outcomes } = explanation;
  const from =
    source.kind === "gateway"
      ? `a gateway in ${source.namespace}, port ${source.port}`
      : `a workload in ${source.namespace}`;
  const lines = [
    `${request.method} ${request.scheme}://${request.authority}${request.path} from ${from}`,
    ...notes.map((note) => `  ${note}`),
    "",
    ...routes.flatMap(printRoute),
    ...(routes.length === 0 ? [] : [""]),
    ...outcomes.flatMap(({ percent, decision }) => [
      `${formatPercent(percent)}  ${printDecision(decision)}`,
      ...printDetails(decision).map((line) => `${" ".repeat(7)}${line}`),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function formatPercent(percent: number): string {
  return `${Number(percent.toFixed(2))} %`.padStart(5);
}

function printRoute({ route, matched, reasons }: ExplainedRoute): string[] {
  const mark = matched ? "✓" : "✗";
  return [
    `${mark} ${nameRoute(route)}`,
    ...reasons.map((reason) => `    ${matched ? "" : "wants "}${reason}`),
  ];
}

function nameRoute({ virtualService, route, index }: RouteRef): string {
  const name = route ?? `route ${index}`;
  return virtualService === undefined ? name : `${virtualService} ${name}`;
}

function printDecision(decision: Decision): string {
  switch (decision.kind) {
    case "forward":
      return `forward to ${nameDestination(decision.destination)}`;
    case "redirect":
      return `redirect with ${decision.status} to ${decision.location}`;
    case "direct":
      return `answer ${decision.status}${decision.body === undefined ? "" : ` ${JSON.stringify(decision.body)}`}`;
    case "denied":
      return `refuse with 403: ${decision.policy}`;
    case "none":
      return `answer ${decision.status} (${decision.flag}): ${decision.reason}`;
  }
}

function nameDestination({ fqdn, port, subset }: Destination): string {
  return `${fqdn}:${port}${subset === undefined ? "" : ` subset ${subset}`}`;
}

function printDetails(decision: Decision): string[] {
  if (decision.kind === "denied" || decision.kind === "none") return [];
  const limits = (decision.limits?.descriptors ?? []).map(
    (one) => `asks the limiter: ${one.map(([key, value]) => `${key}=${value}`).join(", ")}`,
  );
  const answer = printOps("the answer", decision.response);
  return decision.kind === "forward"
    ? [...printForward(decision), ...answer, ...limits]
    : [...answer, ...limits];
}

function printForward(decision: Forward): string[] {
  const { destination, mirrors, timeoutMs, retries, rewrite, fault, request } = decision;
  const labels = Object.entries(destination.labels).map(([name, value]) => `${name}=${value}`);
  return [
    ...(labels.length === 0 ? [] : [`pods ${labels.join(", ")}`]),
    ...(rewrite?.path === undefined ? [] : [`the path becomes ${rewrite.path}`]),
    ...(rewrite?.authority === undefined ? [] : [`the host becomes ${rewrite.authority}`]),
    ...printOps("the request", request),
    ...mirrors.map(
      ({ destination: to, percent }) => `mirrors ${percent} % to ${nameDestination(to)}`,
    ),
    ...(fault?.delayMs === undefined ? [] : [`waits ${fault.delayMs} ms first`]),
    ...(fault?.abortStatus === undefined ? [] : [`answers ${fault.abortStatus} instead`]),
    timeoutMs === undefined ? "no time limit" : `time limit ${timeoutMs} ms`,
    retries === undefined ? "no retries" : printRetries(retries),
  ];
}

function printRetries({ attempts, perTryTimeoutMs, retryOn }: Retries): string {
  const each = perTryTimeoutMs === undefined ? "" : `, each try up to ${perTryTimeoutMs} ms`;
  const noun = attempts === 1 ? "retry" : "retries";
  return `up to ${attempts} ${noun} on ${retryOn.join(", ")}${each}`;
}

function printOps(what: string, { set, add, remove }: HeaderOps): string[] {
  return [
    ...remove.map((name) => `${what} loses ${name}`),
    ...set.map(([name, value]) => `${what} has ${name}: ${value}`),
    ...add.map(([name, value]) => `${what} gains ${name}: ${value}`),
  ];
}
