import { compileString } from "../compile/conditions.ts";
import type { Resource } from "../resource.ts";
import type { MatchSpec, RouteSpec, VirtualServiceSpec } from "../schema/virtual-service.ts";
import { readPresence } from "../table/matches.ts";
import { covers } from "./covers.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LintTree } from "./read-tree.ts";

type VirtualService = Resource<VirtualServiceSpec>;

/** Routes among themselves: what none reaches, weights, mirrors, cookies. */
export function checkRoutes({ virtualServices }: LintTree): readonly LintMessage[] {
  return virtualServices.flatMap((one) => [
    ...checkReach(one),
    ...(one.spec.http ?? []).flatMap((route, index) => {
      const field = `spec.http[${index}]`;
      return [
        ...checkWeights(one, route, field),
        ...checkMirrors(one, route, field),
        ...checkCookies(one, route, field),
      ];
    }),
  ]);
}

/** A route without a match is one match that takes everything. */
function listMatches({ match }: RouteSpec): readonly MatchSpec[] {
  return match === undefined || match.length === 0 ? [{}] : match;
}

function checkReach({ id, spec }: VirtualService): readonly LintMessage[] {
  const seen: { readonly match: MatchSpec; readonly route: number }[] = [];
  return (spec.http ?? []).flatMap((route, index) => {
    const matches = listMatches(route);
    const taken = matches.map((match, place) => {
      const by = seen.find((one) => covers(one.match, match))?.route;
      seen.push({ match, route: index });
      return by === undefined ? undefined : { by, place };
    });
    const lost = taken.filter((one) => one !== undefined);
    const name = route.name === undefined ? "" : ` "${route.name}"`;
    if (lost.length === matches.length) {
      const by = [...new Set(lost.map((one) => one.by))].join(", ");
      const text = `No request reaches the route${name}: route ${by} takes all of them before`;
      return [buildMessage("IST0130", id, `spec.http[${index}]`, text)];
    }
    return lost.map(({ by, place }) =>
      buildMessage(
        "IST0131",
        id,
        `spec.http[${index}].match[${place}]`,
        `The match of the route${name} is left nothing by route ${by}`,
      ),
    );
  });
}

function checkWeights({ id }: VirtualService, { route = [] }: RouteSpec, field: string) {
  const sum = route.reduce((total, { weight = 0 }) => total + weight, 0);
  // Several without a weight are refused.
  if (sum === 100 || sum === 0) return [];
  return [buildMessage("HKL0104", id, `${field}.route`, `The weights sum to ${sum}, wished: 100`)];
}

function checkMirrors({ id }: VirtualService, route: RouteSpec, field: string) {
  const mirrors = [
    ...(route.mirror === undefined ? [] : [{ destination: route.mirror, at: "mirror" }]),
    ...(route.mirrors ?? []).map(({ destination }, index) => ({
      destination,
      at: `mirrors[${index}]`,
    })),
  ];
  return mirrors.flatMap(({ destination, at }) => {
    const { host, subset } = destination;
    const live = (route.route ?? []).some(
      (one) =>
        one.destination.host === host &&
        (one.destination.subset === subset ||
          one.destination.subset === undefined ||
          subset === undefined),
    );
    const to = subset === undefined ? host : `${host} ${subset}`;
    const text = `The mirror goes to "${to}", which answers as well: it would see requests twice`;
    return live ? [buildMessage("HKL0107", id, `${field}.${at}`, text)] : [];
  });
}

/** A visitor who is given a cookie by a drawn route flips at the next visit unless a route reads it. */
function checkCookies({ id, spec }: VirtualService, route: RouteSpec, field: string) {
  const destinations = route.route ?? [];
  // One destination is drawn for nobody.
  if (destinations.filter(({ weight = 0 }) => weight > 0).length < 2) return [];
  const readers = (spec.http ?? []).flatMap(listMatches).flatMap(({ headers }) => {
    const match = headers?.["cookie"];
    return match === undefined ? [] : [compileString(readPresence(match))];
  });
  const places = [
    { headers: route.headers, at: "headers" },
    ...destinations.map(({ headers }, index) => ({ headers, at: `route[${index}].headers` })),
  ];
  return places.flatMap(({ headers, at }) =>
    Object.entries({ ...headers?.response?.set, ...headers?.response?.add })
      .filter(([name]) => name.toLowerCase() === "set-cookie")
      .map(([, value]) => value.split(";")[0]?.trim() ?? "")
      .filter((cookie) => !readers.some((reads) => reads(cookie)))
      .map((cookie) =>
        buildMessage(
          "HKL0108",
          id,
          `${field}.${at}.response`,
          `No route reads the cookie "${cookie}" that this one sets: a visitor would flip`,
        ),
      ),
  );
}
