const TO = "route: [{ destination: { host: one } }]";

/** Rows of a kind: a spec, and the field for which it is refused. */
export function of(kind: string, ...rows: readonly (readonly [spec: string, field: string])[]) {
  return rows.map(([spec, field]) => [kind, spec, field] as const);
}

function ofRoute(...rows: readonly (readonly [route: string, field: string])[]) {
  return rows.map(([route, field]) => {
    const spec = `{ hosts: [example.test], gateways: [front], http: [{ ${route} }] }`;
    return ["VirtualService", spec, `spec.http[0].${field}`] as const;
  });
}

/** VirtualServices that Istio's own functions refuse (pkg/config/validation of the branch release-1.30). */
export const REFUSED_ROUTES = [
  ...of(
    "VirtualService",
    ["{}", "spec.http"],
    [`{ hosts: ["*"], http: [{ ${TO} }] }`, "spec.hosts[0]"],
    [`{ hosts: ["*"], gateways: [front, mesh], http: [{ ${TO} }] }`, "spec.hosts[0]"],
    [`{ hosts: ["*.com", a.com], gateways: [front], http: [{ ${TO} }] }`, "spec.hosts[1]"],
    [`{ hosts: ["a.com:80"], gateways: [front], http: [{ ${TO} }] }`, "spec.hosts[0]"],
    [`{ hosts: [a_b.com], gateways: [front], http: [{ ${TO} }] }`, "spec.hosts[0]"],
    [`{ hosts: [a.com], gateways: [a/b/c], http: [{ ${TO} }] }`, "spec.gateways[0]"],
    [`{ gateways: [front], http: [{ ${TO} }] }`, "spec.gateways"],
    [`{ hosts: [a.com], exportTo: ["~"], http: [{ ${TO} }] }`, "spec.exportTo[0]"],
    [`{ hosts: [a.com], exportTo: [., demo], http: [{ ${TO} }] }`, "spec.exportTo[1]"],
    [`{ hosts: [a.com], exportTo: [., "*"], http: [{ ${TO} }] }`, "spec.exportTo"],
  ),
  ...ofRoute(
    [`${TO}, match: [{ headers: { a b: { exact: c } } }]`, "match[0].headers.a b"],
    [`${TO}, match: [{ headers: { a: { regex: "*" } } }]`, "match[0].headers.a.regex"],
    [`${TO}, match: [{ uri: { regex: ${"a".repeat(1025)} } }]`, "match[0].uri.regex"],
    [`${TO}, match: [{ sourceLabels: { a: c d } }]`, "match[0].sourceLabels.a"],
    [`${TO}, match: [{ sourceNamespace: A B }]`, "match[0].sourceNamespace"],
    [`${TO}, match: [{ withoutHeaders: { a b: {} } }]`, "match[0].withoutHeaders.a b"],
    [`${TO}, match: [{ queryParams: { a: { regex: "*" } } }]`, "match[0].queryParams.a.regex"],
    [`${TO}, match: [{ method: { regex: ${"a".repeat(1025)} } }]`, "match[0].method.regex"],
    [`${TO}, match: [{ gateways: [front, a/b/c] }, { gateways: [a/b/c] }]`, "match[1].gateways[0]"],
    [`route: [{ destination: { host: "*" } }]`, "route[0].destination.host"],
    [`route: [{ destination: { host: one, subset: v_1 } }]`, "route[0].destination.subset"],
    [`route: [{ destination: { host: one }, weight: 2147483648 }]`, "route[0].weight"],
    [`redirect: { redirectCode: 301 }`, "redirect"],
    [`redirect: { scheme: ftp }`, "redirect.scheme"],
    [`redirect: { port: 80, derivePort: FROM_REQUEST_PORT }`, "redirect"],
    [`directResponse: { status: 200, body: { string: a, bytes: YQ== } }`, "directResponse.body"],
    [`${TO}, rewrite: { uri: "" }`, "rewrite"],
    [
      `${TO}, rewrite: { uriRegexRewrite: { match: a, rewrite: "" } }`,
      "rewrite.uriRegexRewrite.rewrite",
    ],
    [
      `${TO}, rewrite: { uriRegexRewrite: { match: ${"a".repeat(1025)}, rewrite: b } }`,
      "rewrite.uriRegexRewrite.match",
    ],
    [`${TO}, timeout: 0s`, "timeout"],
    [`${TO}, timeout: 1.5ms`, "timeout"],
    [`${TO}, retries: { attempts: 1, retryOn: "5xx, 503" }`, "retries.retryOn"],
    [`${TO}, retries: { attempts: 1, retryOn: "599" }`, "retries.retryOn"],
    [`${TO}, fault: {}`, "fault"],
    [
      `${TO}, fault: { abort: { httpStatus: 500, percentage: { value: 0.00001 } } }`,
      "fault.abort.percentage",
    ],
    [`${TO}, fault: { delay: { fixedDelay: 0s } }`, "fault.delay.fixedDelay"],
    [
      `${TO}, fault: { delay: { fixedDelay: 1s, percentage: { value: 0.00001 } } }`,
      "fault.delay.percentage",
    ],
    [`${TO}, mirror: { host: "*" }`, "mirror.host"],
    [`${TO}, mirrors: [{ destination: { host: a_b } }]`, "mirrors[0].destination.host"],
    [`${TO}, corsPolicy: { allowMethods: [get] }`, "corsPolicy.allowMethods[0]"],
    [`${TO}, corsPolicy: { allowOrigins: [{}] }`, "corsPolicy.allowOrigins[0]"],
    [`${TO}, corsPolicy: { allowOrigins: [{ regex: "*" }] }`, "corsPolicy.allowOrigins[0].regex"],
    [`${TO}, corsPolicy: { allowHeaders: [a b] }`, "corsPolicy.allowHeaders[0]"],
    [`${TO}, corsPolicy: { exposeHeaders: [a b] }`, "corsPolicy.exposeHeaders[0]"],
    [`${TO}, corsPolicy: { maxAge: 0s }`, "corsPolicy.maxAge"],
    [`${TO}, corsPolicy: { maxAge: 1500ms }`, "corsPolicy.maxAge"],
    [`${TO}, headers: { request: { add: { ":path": a } } }`, "headers.request.add.:path"],
    [`${TO}, headers: { request: { set: { ":path": a } } }`, "headers.request.set.:path"],
    [`${TO}, headers: { request: { remove: [host] } }`, "headers.request.remove[0]"],
    [`${TO}, headers: { response: { set: { Host: a } } }`, "headers.response.set.Host"],
    [`${TO}, headers: { response: { add: { ":status": a } } }`, "headers.response.add.:status"],
    [
      "route: [{ destination: { host: one }, headers: { request: { set: { ':path': a } } } }]",
      "route[0].headers.request.set.:path",
    ],
    [
      `${TO}, rewrite: { authority: a }, headers: { request: { add: { Host: b } } }`,
      "headers.request",
    ],
    [`${TO}, headers: { request: { set: { host: a, ":authority": b } } }`, "headers.request"],
  ),
];
