import type { Finding } from "./finding.ts";
import type { HttpRoute } from "./mesh-kinds.ts";
import type { Tree } from "./tree.ts";

/**
 * Where visitors are drawn by weight, the answer sets a cookie of the version that was drawn, and
 * an earlier route brings who has that cookie back to it. In the original a browser changed its
 * version at each reload; a hash of the visitor does not help under weights (istio#9764).
 */
export function checkStickiness(tree: Tree): Finding[] {
  return tree.virtualServices
    .filter(({ spec }) => !spec.gateways.includes("mesh"))
    .flatMap(({ metadata, spec }) =>
      spec.http
        .flatMap((route, index) =>
          route.route.length < 2 ? [] : listFaults(route, spec.http.slice(0, index)),
        )
        .map((message) => ({
          check: "visitors-stay",
          resource: `VirtualService/${metadata.name}`,
          message,
        })),
    );
}

function listFaults({ name, route }: HttpRoute, earlier: readonly HttpRoute[]): string[] {
  return route.flatMap(({ destination, headers }) => {
    const subset = destination.subset ?? "";
    const [cookie] = headers.response.add["set-cookie"]?.split(";") ?? [];
    if (cookie === undefined) return [`"${name}" draws ${subset} and sets no cookie`];
    const back = earlier.find((one) => takesCookie(one, cookie));
    const [only, ...others] = back?.route ?? [];
    return only?.destination.subset === subset && others.length === 0
      ? []
      : [`who has the cookie ${cookie} is not brought back to ${subset}`];
  });
}

/** Whether a route takes a request with this cookie, alone and among others. */
function takesCookie({ match }: HttpRoute, cookie: string): boolean {
  const samples = [cookie, `a=b; ${cookie}; c=d`];
  return match.some(({ headers }) => {
    const pattern = headers?.["cookie"]?.["regex"];
    // Envoy compares the whole value.
    const whole = typeof pattern === "string" ? new RegExp(`^(?:${pattern})$`) : undefined;
    return samples.every((sample) => whole?.test(sample) === true);
  });
}
