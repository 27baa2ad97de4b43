import { MeshError } from "../errors.ts";
import { parseWith } from "../resource.ts";
import type { MeshRequest } from "../types.ts";
import {
  compileBlock,
  compileHeader,
  compileNamespace,
  compilePath,
  compileServiceAccount,
  compileText,
  type ValueTest,
} from "./matchers.ts";
import {
  AddressBlock,
  type AuthorizationRule,
  type AuthorizationSource,
  type Condition,
  type Operation,
} from "./schema.ts";

/** A request as the proxy sees it whose policies are asked. */
export interface SecurityRequest {
  readonly request: MeshRequest;
  /** The caller's identity by mutual TLS, as "cluster.local/ns/a/sa/b"; undefined for plain text. */
  readonly principal: string | undefined;
  /** Of the connection; the client's own is `request.clientAddress`. */
  readonly sourceAddress: string;
  /** The port of the pod, or of the gateway's server. */
  readonly port: number;
}

type Test = (request: SecurityRequest) => boolean;
type Read = (request: SecurityRequest) => string | undefined;

const readPrincipal: Read = ({ principal }) => principal;
const readSource: Read = ({ sourceAddress }) => sourceAddress;
const readRemote: Read = ({ request }) => request.clientAddress;
const readPort: Read = ({ port }) => String(port);
const readPath: Read = ({ request }) => request.path.replace(/[?#].*$/s, "");
/** No token is ever accepted: a RequestAuthentication that applies is refused. */
const readToken: Read = () => undefined;

export interface RulePlace {
  /** "AuthorizationPolicy/namespace/name". */
  readonly resource: string;
  readonly namespace: string;
}

/**
 * A rule: one of its sources, one of its operations and every condition; within a source or an
 * operation every field, and of a field one value and none of the "not" ones
 * (istio/istio pilot/pkg/security/authz/model/model.go).
 */
export function compileRule(rule: AuthorizationRule, place: RulePlace): Test {
  const sources = rule.from?.map(({ source }) => compileSource(source, place)) ?? [always];
  const operations = rule.to?.map(({ operation }) => compileOperation(operation)) ?? [always];
  const conditions = rule.when.map((condition) => compileCondition(condition, place));
  return (request) =>
    sources.some((test) => test(request)) &&
    operations.some((test) => test(request)) &&
    conditions.every((test) => test(request));
}

const always: Test = () => true;

interface Field {
  readonly read: Read;
  readonly compile: (pattern: string) => ValueTest;
  readonly values: readonly string[] | undefined;
  readonly notValues: readonly string[] | undefined;
}

function compileFields(fields: readonly Field[]): Test {
  const tests = fields.flatMap(({ read, compile, values = [], notValues = [] }): Test[] => {
    const wished = values.map(compile);
    const unwished = notValues.map(compile);
    return [
      ...(wished.length === 0
        ? []
        : [(one: SecurityRequest) => wished.some((test) => test(read(one)))]),
      ...(unwished.length === 0
        ? []
        : [(one: SecurityRequest) => !unwished.some((test) => test(read(one)))]),
    ];
  });
  return (request) => tests.every((test) => test(request));
}

function compileSource(source: AuthorizationSource, { namespace }: RulePlace): Test {
  const account = (pattern: string) => compileServiceAccount(pattern, namespace);
  const field = (
    read: Read,
    compile: Field["compile"],
    values: Field["values"],
    notValues: Field["values"],
  ) => ({ read, compile, values, notValues });
  return compileFields([
    field(readPrincipal, compileText, source.principals, source.notPrincipals),
    field(readToken, compileText, source.requestPrincipals, source.notRequestPrincipals),
    field(readPrincipal, compileNamespace, source.namespaces, source.notNamespaces),
    field(readPrincipal, account, source.serviceAccounts, source.notServiceAccounts),
    field(readSource, compileBlock, source.ipBlocks, source.notIpBlocks),
    field(readRemote, compileBlock, source.remoteIpBlocks, source.notRemoteIpBlocks),
  ]);
}

const compileHost = (pattern: string) => compileHeader(pattern, { ignoreCase: true });

function compileOperation(operation: Operation): Test {
  return compileFields([
    {
      read: ({ request }) => request.authority,
      compile: compileHost,
      values: operation.hosts,
      notValues: operation.notHosts,
    },
    {
      read: readPort,
      compile: compileText,
      values: operation.ports,
      notValues: operation.notPorts,
    },
    {
      read: ({ request }) => request.method,
      compile: compileHeader,
      values: operation.methods,
      notValues: operation.notMethods,
    },
    {
      read: readPath,
      compile: compilePath,
      values: operation.paths,
      notValues: operation.notPaths,
    },
  ]);
}

/** https://istio.io/latest/docs/reference/config/security/conditions/ */
function compileCondition({ key, values, notValues }: Condition, place: RulePlace): Test {
  const found = findAttribute(key, place);
  if (found.compile === compileBlock) {
    for (const one of [...(values ?? []), ...(notValues ?? [])]) {
      parseWith(AddressBlock, one, `${place.resource} ${key}`);
    }
  }
  return compileFields([{ ...found, values, notValues }]);
}

function findAttribute(
  key: string,
  { resource, namespace }: RulePlace,
): Pick<Field, "read" | "compile"> {
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1]?.toLowerCase();
  if (header !== undefined) {
    return { read: ({ request }) => request.header(header), compile: compileHeader };
  }
  if (key.startsWith("request.auth.")) return { read: readToken, compile: compileText };
  switch (key) {
    case "source.ip":
      return { read: readSource, compile: compileBlock };
    case "remote.ip":
      return { read: readRemote, compile: compileBlock };
    case "source.namespace":
      return { read: readPrincipal, compile: compileNamespace };
    case "source.principal":
      return { read: readPrincipal, compile: compileText };
    case "source.serviceAccount":
      return {
        read: readPrincipal,
        compile: (pattern) => compileServiceAccount(pattern, namespace),
      };
    case "destination.port":
      return { read: readPort, compile: compileText };
    default:
      throw new MeshError(`A condition on "${key}" is not modelled`, {
        code: "UNSUPPORTED",
        resource,
        field: "spec.rules[].when[].key",
      });
  }
}
