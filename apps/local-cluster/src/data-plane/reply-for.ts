import type { Decision } from "@hookline/mesh";
import type { LocalReply } from "./local-reply.ts";

/** What a proxy answers by itself, with Envoy's words. */
export function replyFor(decision: Exclude<Decision, { kind: "forward" }>): LocalReply {
  switch (decision.kind) {
    case "redirect":
      return {
        status: decision.status,
        body: "",
        headers: [["location", decision.location]],
        flag: "-",
        details: "direct_response",
      };
    case "direct":
      return {
        status: decision.status,
        body: decision.body ?? "",
        flag: "-",
        details: "direct_response",
      };
    case "denied":
      return {
        status: decision.status,
        body: "RBAC: access denied",
        flag: "-",
        details: `rbac_access_denied_matched_policy[${decision.policy}]`,
      };
    case "none":
      return {
        status: decision.status,
        body: decision.flag === "UH" ? "no healthy upstream" : "",
        flag: decision.flag,
        details: decision.flag === "NR" ? "route_not_found" : decision.reason,
      };
  }
}
