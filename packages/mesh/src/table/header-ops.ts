import { MeshError } from "../errors.ts";
import type { HeadersSpec, OperationsSpec } from "../schema/virtual-service.ts";
import type { HeaderOps } from "../types.ts";

export const NO_OPS: HeaderOps = { set: [], add: [], remove: [] };

export interface TranslatedHeaders {
  readonly request: HeaderOps;
  readonly response: HeaderOps;
  /** From "host" or ":authority" in request.set or request.add. */
  readonly authority: string | undefined;
}

/** Where the headers stand, for an error. */
export interface Place {
  readonly resource: string;
  readonly field: string;
}

/** Istio: TranslateHeadersOperations in pilot/pkg/networking/core/route/route.go. */
export function translateHeaders(spec: HeadersSpec | undefined, place: Place): TranslatedHeaders {
  if (spec === undefined) return { request: NO_OPS, response: NO_OPS, authority: undefined };
  return {
    request: translateOperations(spec.request, { ...place, field: `${place.field}.request` }),
    response: translateOperations(spec.response, { ...place, field: `${place.field}.response` }),
    authority: readAuthority(spec.request?.set) ?? readAuthority(spec.request?.add),
  };
}

function readAuthority(map: Readonly<Record<string, string>> | undefined): string | undefined {
  const name = Object.keys(map ?? {}).find((one) => /^(host|:authority)$/i.test(one));
  return name === undefined ? undefined : map?.[name] || undefined;
}

function translateOperations(spec: OperationsSpec | undefined, place: Place): HeaderOps {
  const list = (map: Readonly<Record<string, string>> | undefined, which: string) =>
    Object.entries(map ?? {})
      .filter(([name]) => !isInternal(name))
      .map(([name, value]) => {
        const field = `${place.field}.${which}.${name}`;
        return [name.toLowerCase(), readLiteral(value, { ...place, field })] as const;
      })
      // Envoy adds no empty header: HeaderValueOption.keep_empty_value is false.
      .filter(([, value]) => value !== "");
  return {
    set: list(spec?.set, "set"),
    add: list(spec?.add, "add"),
    remove: (spec?.remove ?? [])
      .filter((name) => !isInternal(name))
      .map((name) => name.toLowerCase()),
  };
}

/** Envoy lets nobody change these by header operations. */
function isInternal(name: string): boolean {
  return name.startsWith(":") || name.toLowerCase() === "host";
}

/** "%%" is a per cent sign, "%NAME%" a command of Envoy's that needs its state. */
function readLiteral(value: string, { resource, field }: Place): string {
  const options = { code: "UNSUPPORTED", resource, field } as const;
  // Envoy sends the bytes of UTF-8; whoever reads headers as text reads something else.
  if (/[^\t -~]/.test(value)) {
    throw new MeshError("Beyond printable ASCII a header is not modelled", options);
  }
  if (value.replaceAll("%%", "").includes("%")) {
    throw new MeshError(
      'Envoy\'s command operators in a header ("%NAME%") are not modelled',
      options,
    );
  }
  return value.replaceAll("%%", "%");
}

/**
 * One operation after the other as a single one. Within each, Envoy removes first, then goes through
 * its list, in which Istio has what it sets before what it adds.
 */
export function chain(first: HeaderOps, second: HeaderOps): HeaderOps {
  const names = new Set([...listNames(first), ...listNames(second)]);
  const set: [string, string][] = [];
  const add: [string, string][] = [];
  const remove: string[] = [];
  for (const name of names) {
    const { kept, values } = trace([first, second], name);
    if (values.length === 0) remove.push(name);
    const [head, ...rest] = values;
    if (!kept && head !== undefined) set.push([name, head]);
    for (const value of kept ? values : rest) add.push([name, value]);
  }
  return { set, add, remove };
}

/**
 * What Istio makes of a route with one destination: all removals, then the route's list, then the
 * destination's (processDestination in route.go).
 */
export function concat(route: HeaderOps, destination: HeaderOps): HeaderOps {
  const remove = [...route.remove, ...destination.remove];
  return chain({ ...route, remove }, { ...destination, remove: [] });
}

/** Whether the header's own value is kept, and what stands after it. */
function trace(operations: readonly HeaderOps[], name: string) {
  let kept = true;
  let values: string[] = [];
  for (const { set, add, remove } of operations) {
    if (remove.includes(name)) [kept, values] = [false, []];
    for (const [key, value] of set) if (key === name) [kept, values] = [false, [value]];
    for (const [key, value] of add) if (key === name) values.push(value);
  }
  return { kept, values };
}

function listNames({ set, add, remove }: HeaderOps): string[] {
  return [...remove, ...set.map(([name]) => name), ...add.map(([name]) => name)];
}
