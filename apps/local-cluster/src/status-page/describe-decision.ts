import type { Decision, Destination, Forward, HeaderOps, Retries } from "@hookline/mesh";

/** A decision in words: the first line is what happens, the others how. */
export function describeDecision(decision: Decision): readonly string[] {
  switch (decision.kind) {
    case "forward":
      return describeForward(decision);
    case "redirect":
      return [`${decision.status}, redirected to ${decision.location}`];
    case "direct":
      return [`${decision.status}, answered by the proxy itself`];
    case "denied":
      return [`${decision.status}, denied by ${decision.policy}`];
    case "none":
      return [`${decision.status}, ${decision.reason}`];
  }
}

function describeDestination({ fqdn, port, subset }: Destination): string {
  const [name = fqdn] = fqdn.split(".");
  return `${name}:${port}${subset === undefined ? "" : `, ${subset}`}`;
}

function describeForward(decision: Forward): readonly string[] {
  const { destination, mirrors, timeoutMs, retries, rewrite, fault, limits } = decision;
  const lines = [describeDestination(destination)];
  for (const { destination: copy, percent } of mirrors)
    lines.push(`copied to ${describeDestination(copy)}, ${percent} %`);
  if (rewrite?.path !== undefined) lines.push(`path becomes ${rewrite.path}`);
  if (rewrite?.authority !== undefined) lines.push(`host becomes ${rewrite.authority}`);
  if (fault?.delayMs !== undefined) lines.push(`delayed by ${fault.delayMs} ms`);
  if (fault?.abortStatus !== undefined) lines.push(`aborted with ${fault.abortStatus}`);
  if (timeoutMs !== undefined) lines.push(`at most ${timeoutMs} ms`);
  if (retries !== undefined && retries.attempts > 0) lines.push(describeRetries(retries));
  lines.push(...describeOps("request", decision.request));
  lines.push(...describeOps("answer", decision.response));
  for (const descriptor of limits?.descriptors ?? [])
    lines.push(`counted as ${descriptor.map(([key, value]) => `${key}=${value}`).join(" ")}`);
  return lines;
}

function describeRetries({ attempts, perTryTimeoutMs, retryOn }: Retries): string {
  const each = perTryTimeoutMs === undefined ? "" : `, each try at most ${perTryTimeoutMs} ms`;
  const noun = attempts === 1 ? "try" : "tries";
  return `up to ${attempts} more ${noun} on ${retryOn.join(", ")}${each}`;
}

function describeOps(of: string, { remove, set, add }: HeaderOps): readonly string[] {
  return [
    ...remove.map((name) => `${of} loses ${name}`),
    ...set.map(([name, value]) => `${of} has ${name}: ${value}`),
    ...add.map(([name, value]) => `${of} gains ${name}: ${value}`),
  ];
}
