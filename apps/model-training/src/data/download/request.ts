import { failure } from "../errors.ts";

import { isAllowedAddress } from "../source.ts";

/** The part of fetch that is used, so that a test may hand in another. */
export type Fetch = (address: string, init: BunFetchRequestInit) => Promise<Response>;

const MAX_REDIRECTS = 5;

/**
 * Asks for a file, following at most five redirects, none of them away from https (nor, for an address
 * of this machine, to another scheme than http or https).
 */
export async function request(
  address: string,
  options: {
    readonly fetch: Fetch;
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  let at = address;
  for (let i = 0; i <= MAX_REDIRECTS; i += 1) {
    const response = await options.fetch(at, {
      headers: options.headers,
      signal: options.signal,
      redirect: "manual",
      // What is packed on the way is refused, not unpacked: it could be a bomb.
      decompress: false,
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    at = followed(at, location);
  }
  throw failure("DOWNLOAD_FAILED", `Cannot download ${address}: redirected over 5 times`);
}

function followed(from: string, location: string): string {
  const to = URL.parse(location, from);
  const downgraded = from.startsWith("https:") && to?.protocol !== "https:";
  if (to === null || downgraded || !isAllowedAddress(to.href)) {
    const message = `Cannot download ${from}: redirected to "${location}", which is not https`;
    throw failure("DOWNLOAD_FAILED", message);
  }
  return to.href;
}
