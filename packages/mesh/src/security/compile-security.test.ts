import { describe, expect, test } from "bun:test";
import { readManifests } from "../read-manifests.ts";
import { buildRequest } from "../testing/requests.ts";
import { compileSecurity, type SecurityRequest } from "./index.ts";

const WORKLOAD = { namespace: "shop", labels: { app: "cart" } };

function policy(name: string, spec: string, head = "namespace: shop"): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, ${head} }
spec: ${spec}
---`;
}

type Given = Partial<Omit<SecurityRequest, "request">> & {
  readonly request?: Parameters<typeof buildRequest>[0];
};

/** Who refuses; undefined for nobody. */
function ask(
  text: string,
  { request, ...given }: Given = {},
  workload = WORKLOAD,
): string | undefined {
  const authorize = compileSecurity(readManifests(text)).authorizer(workload);
  return authorize?.({
    request: buildRequest(request),
    principal: "cluster.local/ns/shop/sa/front",
    sourceAddress: "10.1.2.3",
    port: 8080,
    ...given,
  })?.policy;
}

const deny = (rule: string) => policy("no", `{ action: DENY, rules: [${rule}] }`);
const allow = (rule: string) => policy("yes", `{ rules: [${rule}] }`);
const NO = "AuthorizationPolicy/shop/no";
const NONE = "none of AuthorizationPolicy/shop/yes allows it";

describe("the order of policies", () => {
  test.each<[string, string, string | undefined]>([
    ["no policy", "", undefined],
    ["an ALLOW that takes it", allow("{}"), undefined],
    ["an ALLOW without a rule", policy("yes", "{}"), NONE],
    ["an ALLOW without a spec", policy("yes", "null"), NONE],
    ["an ALLOW of somebody else", allow("{ to: [{ operation: { methods: [PUT] } }] }"), NONE],
    [
      "a second ALLOW that takes it",
      allow("{ to: [{ operation: { methods: [PUT] } }] }") + policy("all", "{ rules: [{}] }"),
      undefined,
    ],
    ["a DENY before an ALLOW", allow("{}") + deny("{}"), NO],
    ["a DENY with an empty list of sources, which is none", deny("{ from: [] }"), NO],
    ["an AUDIT", policy("log", "{ action: AUDIT, rules: [{}] }"), undefined],
    ["an AUDIT is no ALLOW", policy("log", "{ action: AUDIT }"), undefined],
    [
      "a dry run",
      policy(
        "no",
        "{ action: DENY, rules: [{}] }",
        'namespace: shop, annotations: { istio.io/dry-run: "true" }',
      ),
      undefined,
    ],
    [
      "one that selects the pods",
      policy("no", "{ selector: { matchLabels: { app: cart } }, action: DENY, rules: [{}] }"),
      NO,
    ],
    [
      "one that selects others",
      policy("no", "{ selector: { matchLabels: { app: x } }, action: DENY, rules: [{}] }"),
      undefined,
    ],
    [
      "one of another namespace",
      policy("no", "{ action: DENY, rules: [{}] }", "namespace: x"),
      undefined,
    ],
    [
      "one of the root namespace",
      policy("no", "{ action: DENY, rules: [{}] }", "namespace: istio-system"),
      "AuthorizationPolicy/istio-system/no",
    ],
  ])("%s", (_, text, expected) => {
    expect(ask(text)).toBe(expected);
  });
});

describe("a rule wants", () => {
  const source = (fields: string) => deny(`{ from: [{ source: { ${fields} } }] }`);
  const operation = (fields: string) => deny(`{ to: [{ operation: { ${fields} } }] }`);
  const when = (fields: string) => deny(`{ when: [{ ${fields} }] }`);
  const PLAIN = { principal: undefined };
  test.each<[string, Given, boolean]>([
    [source("principals: [cluster.local/ns/shop/sa/front]"), {}, true],
    [source("principals: ['cluster.local/ns/shop/*']"), {}, true],
    [source("principals: ['*/sa/front']"), {}, true],
    [source("principals: ['*']"), {}, true],
    [source("principals: ['*']"), PLAIN, false],
    [source("principals: [cluster.local/ns/shop/sa/back]"), {}, false],
    [source("notPrincipals: [cluster.local/ns/shop/sa/back]"), {}, true],
    [source("notPrincipals: ['*']"), PLAIN, true],
    [source("notPrincipals: ['*']"), {}, false],
    [source("namespaces: [shop]"), {}, true],
    [source("namespaces: ['sh*']"), {}, true],
    [source("namespaces: ['s*p']"), {}, true],
    [source("namespaces: [sho]"), {}, false],
    [source("notNamespaces: [shop]"), {}, false],
    [source("notNamespaces: [shop, other]"), {}, false],
    [source("namespaces: ['s.op']"), {}, false],
    [source("namespaces: [shop]"), PLAIN, false],
    [source("serviceAccounts: [front]"), {}, true],
    [source("serviceAccounts: [shop/front]"), {}, true],
    [source("serviceAccounts: [x/front]"), {}, false],
    [source("serviceAccounts: [fron]"), {}, false],
    [source("ipBlocks: [10.1.0.0/16]"), {}, true],
    [source("ipBlocks: [10.1.2.3]"), {}, true],
    [source("ipBlocks: [10.2.0.0/16, '::/0']"), {}, false],
    [source("remoteIpBlocks: [0.0.0.0/0]"), { request: { clientAddress: "::1" } }, false],
    [source("notIpBlocks: [10.1.0.0/16]"), {}, false],
    [source("remoteIpBlocks: [192.0.2.0/24]"), {}, true],
    [
      source("remoteIpBlocks: ['2001:db8::/32']"),
      { request: { clientAddress: "2001:db8::1" } },
      true,
    ],
    [source("notRemoteIpBlocks: [192.0.2.1]"), {}, false],
    [source("requestPrincipals: ['*']"), {}, false],
    [source("notRequestPrincipals: ['*']"), {}, true],
    [source("namespaces: [shop], ipBlocks: [10.9.9.9]"), {}, false],
    [operation("hosts: [HOOKLINE.test]"), {}, true],
    [operation("hosts: ['*.TEST']"), {}, true],
    [operation("hosts: ['hook*']"), {}, true],
    [operation("hosts: ['*']"), {}, true],
    [operation("hosts: [hookline.test]"), { request: { authority: "hookline.test:8080" } }, false],
    [operation("notHosts: [hookline.test]"), {}, false],
    [operation("ports: ['8080']"), {}, true],
    [operation("notPorts: ['8080']"), {}, false],
    [operation("methods: [GET, PUT]"), {}, true],
    [operation("methods: [get]"), {}, false],
    [operation("notMethods: [GET]"), {}, false],
    [operation("paths: [/a]"), { request: { path: "/a?b=/c" } }, true],
    [operation("paths: ['/a*']"), { request: { path: "/ab" } }, true],
    [operation("paths: ['*/z']"), { request: { path: "/b/z" } }, true],
    [operation("paths: [/a]"), { request: { path: "/A" } }, false],
    [operation("paths: ['/a/{*}/c']"), { request: { path: "/a/b/c" } }, true],
    [operation("paths: ['/a/{*}/c']"), { request: { path: "/a/b/b/c" } }, false],
    [operation("paths: ['/a/{**}']"), { request: { path: "/a/b/c" } }, true],
    [operation("paths: ['/a.b/{**}']"), { request: { path: "/axb/c" } }, false],
    [operation("notPaths: [/]"), {}, false],
    [
      when("key: 'request.headers[X-Who]', values: [me]"),
      { request: { headers: { "x-who": "me" } } },
      true,
    ],
    [
      when("key: 'request.headers[x-who]', values: ['*']"),
      { request: { headers: { "x-who": "" } } },
      true,
    ],
    [when("key: 'request.headers[x-who]', notValues: [me]"), {}, true],
    [when("key: source.ip, values: [10.0.0.0/8]"), {}, true],
    [when("key: remote.ip, notValues: [192.0.2.0/24]"), {}, false],
    [when("key: source.namespace, values: [shop]"), {}, true],
    [when("key: source.principal, values: ['*/front']"), {}, true],
    [when("key: source.serviceAccount, values: [front]"), {}, true],
    [when("key: destination.port, values: ['8080']"), {}, true],
    [when("key: 'request.auth.claims[sub]', values: [me]"), {}, false],
    [
      deny("{ from: [{ source: { namespaces: [x] } }, { source: { namespaces: [shop] } }] }"),
      {},
      true,
    ],
    [deny("{ to: [{ operation: { methods: [PUT] } }, { operation: { paths: [/] } }] }"), {}, true],
    [
      deny(
        "{ from: [{ source: { namespaces: [shop] } }], to: [{ operation: { methods: [PUT] } }] }",
      ),
      {},
      false,
    ],
    [
      deny(
        "{ when: [{ key: source.ip, values: [10.0.0.0/8] }, { key: source.ip, values: [11.0.0.0/8] }] }",
      ),
      {},
      false,
    ],
  ])("%s of %p: %p", (text, given, taken) => {
    expect(ask(text, given)).toBe(taken ? NO : undefined);
  });
});

describe("compileSecurity() refuses", () => {
  test.each([
    [
      "CUSTOM",
      policy("p", "{ action: CUSTOM, provider: { name: x }, rules: [{}] }"),
      "UNSUPPORTED",
      "CUSTOM",
    ],
    [
      "an unknown condition",
      deny("{ when: [{ key: connection.sni, values: [x] }] }"),
      "UNSUPPORTED",
      "connection.sni",
    ],
    [
      "an unknown field",
      deny("{ from: [{ source: { trustDomains: [x] } }] }"),
      "UNSUPPORTED",
      "trustDomains",
    ],
    ["targetRefs", policy("p", "{ targetRefs: [] }"), "UNSUPPORTED", "spec.targetRefs"],
    [
      "an empty source",
      deny("{ from: [{ source: {} }] }"),
      "INVALID",
      "something about the source",
    ],
    ["a DENY without a rule", policy("no", "{ action: DENY }"), "INVALID", "spec.rules"],
    [
      "what is no block",
      deny("{ from: [{ source: { ipBlocks: [10.1.0.0/33] } }] }"),
      "INVALID",
      "ipBlocks",
    ],
    [
      "what is no block in a condition",
      deny("{ when: [{ key: source.ip, values: [x] }] }"),
      "INVALID",
      "when[0]",
    ],
    ["what is no port", deny("{ to: [{ operation: { ports: [http] } }] }"), "INVALID", "ports"],
    [
      "a condition without values",
      deny("{ when: [{ key: source.ip }] }"),
      "INVALID",
      "values or notValues",
    ],
    [
      "tokens",
      "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: t, namespace: shop }\nspec: { jwtRules: [] }",
      "UNSUPPORTED",
      "RequestAuthentication/shop/t",
    ],
  ])("%s", (_, text, code, message) => {
    expect(() => ask(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
